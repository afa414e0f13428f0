"""A proxy on loopback that breaks answers on demand, in front of any HTTP sandbox."""

import socket
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["limited", "broken", "silent", "reset", "truncated", "garbage", "repeat", "refused"]


@dataclass(frozen=True)
class Fault:
    """
    A way in which an answer goes wrong.

    Attributes:
        kind: `limited`: 429. `broken`: 503. `silent`: no answer. `reset`: the connection breaks.
            `truncated`: half an answer. `garbage`: 200 with a page of HTML. `repeat`: the first
            answer again and again. `refused`: 400 with a body that quotes `says` and the request.
        retry_after_s: What a 429 says, in seconds.
        as_date: It says so as a date.
        says: Text in the body of `refused`.
    """

    kind: Kind
    retry_after_s: int | None = None
    as_date: bool = False
    says: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Headers of its answer."""
        if self.retry_after_s is None:
            return {}
        if not self.as_date:
            return {"Retry-After": str(self.retry_after_s)}
        then = datetime.now(UTC) + timedelta(seconds=self.retry_after_s)
        return {"Retry-After": format_datetime(then, usegmt=True)}


@dataclass
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class FaultProxy:
    """
    Forwards requests to a server, and breaks the answers it is told to break.

    Attributes:
        url: Where it listens, without a slash at the end.
        requests: How many it received.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self.upstream = (parts.hostname or "", parts.port or 80)
        self.requests = 0
        self.lock = Lock()
        self.fault: Fault | None = None
        self.after, self.times = 0, 0
        self.recorded: _Answer | None = None
        self.healed = Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break the answers to `times` requests (None: to all), once `after` more were answered well."""
        with self.lock:
            self.fault, self.after = fault, after
            self.times = sys.maxsize if times is None else times
            self.recorded = None

    def heal(self) -> None:
        """Break no more answers."""
        with self.lock:
            self.healed.set()
            self.fault, self.healed = None, Event()

    def close(self) -> None:
        """Stop."""
        self.heal()
        self._server.shutdown()
        self._server.server_close()

    def next_fault(self) -> tuple[Fault | None, Event]:
        """What is to happen to the request that just came."""
        with self.lock:
            self.requests += 1
            if self.fault is None or self.times == 0:
                return None, self.healed
            if self.after > 0:
                self.after -= 1
                return None, self.healed
            self.times -= 1
            return self.fault, self.healed


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    proxy: FaultProxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up in the middle; that is what the faults are for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault, healed = self.server.proxy.next_fault()
        if fault is None:
            self._send(self._forward(body))
        elif fault.kind == "silent":
            healed.wait(10)
            self.close_connection = True
        elif fault.kind == "reset":
            self._reset()
        elif fault.kind == "truncated":
            self._send(self._forward(body), part=0.5)
        else:
            self._send(self._broken(fault, body))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing: what is printed during a check is searched for secrets."""

    def _broken(self, fault: Fault, body: bytes) -> _Answer:
        if fault.kind == "repeat":
            proxy = self.server.proxy
            proxy.recorded = proxy.recorded or self._forward(body)
            return proxy.recorded
        if fault.kind == "refused":
            says = f"{fault.says}\n{self.path}\n{self.headers}".encode() + body
            return _Answer(400, {"Content-Type": "text/plain"}, says)
        if fault.kind == "garbage":
            return _Answer(200, {"Content-Type": "text/html"}, b"<html>We will be back soon")
        return _Answer(429 if fault.kind == "limited" else 503, fault.headers, b"not now")

    def _forward(self, body: bytes) -> _Answer:
        upstream = HTTPConnection(*self.server.proxy.upstream, timeout=10)
        skip = {"host", "connection", "accept-encoding"}
        headers = {k: v for k, v in self.headers.items() if k.lower() not in skip}
        try:
            upstream.request(self.command, self.path, body, headers)
            answer = upstream.getresponse()
            kept = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() not in ("connection", "transfer-encoding", "content-length", "date")
            }
            return _Answer(answer.status, kept, answer.read())
        finally:
            upstream.close()

    def _send(self, answer: _Answer, part: float = 1) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: int(len(answer.body) * part)])
        self.close_connection = part < 1

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
