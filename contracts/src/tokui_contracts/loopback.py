"""HTTP on loopback: what every sandbox answers through."""

import socket
import struct
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class Loopback(ThreadingHTTPServer, Generic[V]):
    """
    A server on 127.0.0.1, with a thread for each connection.

    Args:
        handler: Answers one connection.
        vendor: What it answers for.
        port: 0 takes any free one.

    Attributes:
        url: Scheme, host and port, without a path.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, handler: "type[Handler]", vendor: V, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.vendor = vendor
        self.url = f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        """Serve."""
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Serve no more; only after `start`."""
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up in the middle: that is what faults are for. All else is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """What all handlers do alike. One annotates its `server` with what it answers for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def body(self) -> bytes:
        """What the request brought."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        """Send an answer."""
        self.send_response(status)
        self.complete(content, headers)

    def complete(self, content: bytes, headers: Mapping[str, str]) -> None:
        """Send what comes after an answer's first line."""
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def reset(self) -> None:
        """Break the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: requests carry secrets, and what is printed during a check is searched for them."""


def until_interrupted(said: str) -> None:
    """Say something, and go on until Ctrl-C."""
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()
    try:
        Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
