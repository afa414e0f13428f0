"""
Syncs every Shopify stream from an independent server of Shopify's schema, and counts violations.

    python bench/shopify_peer.py SCRIPT SCHEMA

SCRIPT is a server that takes `--schema`, `--port`, `--items`, and answers `GET /__log` with what it
received: a list of `{"status", "errors"}`. It is not part of this project. Exits with 1 when it saw
anything but throttling, or when a stream did not come to its end.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

CONFIG = """
[connections.online]
use = "shopify"
shop = "peer.myshopify.com"
base_url = "http://127.0.0.1:{port}"
access_token = {{ env = "PEER_TOKEN" }}
http.allow_private = true
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, patience_s: float = 60.0) -> list[dict[str, object]]:
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


def code(error: dict[str, object]) -> str:
    """What an error of the server's is about."""
    extensions = error.get("extensions")
    found = extensions.get("code") if isinstance(extensions, dict) else None
    return str(found or error.get("message"))


def main(script: str, schema: str) -> int:
    """Serve, sync, count."""
    port = free_port()
    command = [sys.executable, script, "--schema", schema, "--port", str(port), "--items", "5"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        asked(port)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "tokui.toml").write_text(CONFIG.format(port=port))
            tokui = str(Path(sys.executable).with_name("tokui"))
            environment = {**os.environ, "PEER_TOKEN": "any"}
            done = subprocess.run([tokui, "sync"], cwd=folder, env=environment, check=False)
        received = asked(port)
    finally:
        server.kill()
    errors = [error for each in received for error in list(each["errors"] or ())]  # type: ignore[call-overload]
    print(f"{len(received)} requests, errors: {dict(Counter(map(code, errors)))}")
    return int(done.returncode != 0 or any(code(error) != "THROTTLED" for error in errors))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
