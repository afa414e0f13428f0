"""A vendor's document, served by a program that is not part of this project."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, patience_s: float = 60.0) -> list[dict[str, Any]]:
    """What the server received so far; waits until it is up."""
    until = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/__log") as answer:
                return list(json.load(answer))
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@contextmanager
def serving(command: Sequence[str]) -> Iterator[int]:
    """Run the server, told a free `--port`; gives the port once it answers."""
    port = free_port()
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        asked(port)
        yield port
    finally:
        server.kill()
        server.wait()
