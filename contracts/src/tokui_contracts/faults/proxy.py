"""The proxy: it forwards requests, and breaks the answers it is told to break."""

import socket
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from threading import Event, Lock, Thread
from typing import Self
from urllib.parse import urlsplit

from pydantic_core import from_json, to_json

from tokui_contracts.faults.fault import Fault

STATUS = {
    "answer": 200,
    "broken": 503,
    "denied": 401,
    "garbage": 200,
    "limited": 429,
    "refused": 400,
}


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
        self.plan: Iterator[Fault | None] = iter(())
        self.recorded: _Answer | None = None
        self.healed = Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break the answers to `times` requests (None: to all), once `after` more were answered well."""
        broken = repeat(fault) if times is None else repeat(fault, times)
        self.follow(chain(repeat(None, after), broken))

    def follow(self, plan: Iterable[Fault | None]) -> None:
        """Take one of the plan for each request, None for a good answer; good ones after its end."""
        with self.lock:
            self.plan = iter(plan)
            self.recorded = None

    def heal(self) -> None:
        """Break no more answers."""
        with self.lock:
            self.healed.set()
            self.plan, self.healed = iter(()), Event()

    def close(self) -> None:
        """Stop."""
        self.heal()
        self._server.shutdown()
        self._server.server_close()

    def next_fault(self) -> tuple[Fault | None, Event]:
        """What is to happen to the request that just came."""
        with self.lock:
            self.requests += 1
            return next(self.plan, None), self.healed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        elif fault.kind in ("truncated", "midway"):
            answer = self._forward(body)
            if answer.body or fault.kind == "truncated":
                self._send(answer, part=0.5)
            if fault.kind == "midway":
                self._reset()
        else:
            self._send(self._broken(fault, body))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing: what is printed during a check is searched for secrets."""

    def _broken(self, fault: Fault, body: bytes) -> _Answer:
        proxy = self.server.proxy
        if fault.kind == "repeat":
            proxy.recorded = proxy.recorded or self._forward(body)
            return proxy.recorded
        if fault.kind in ("slow", "edited"):
            time.sleep(fault.seconds)
            good = self._forward(body)
            content = to_json(fault.edit(from_json(good.body))) if fault.edit else good.body
            return _Answer(good.status, good.headers, content)
        return _Answer(fault.status or STATUS[fault.kind], *self._said(fault, body))

    def _said(self, fault: Fault, body: bytes) -> tuple[dict[str, str], bytes]:
        """Headers and body of an answer that is the proxy's own."""
        if fault.kind == "refused":
            says = f"{fault.says}\n{self.path}\n{self.headers}".encode() + body
            return {"Content-Type": "text/plain"}, says
        if fault.kind == "garbage":
            return {"Content-Type": "text/html"}, b"<html>We will be back soon"
        if fault.kind == "answer":
            return {"Content-Type": "application/json"}, fault.says.encode()
        return fault.headers, b"not now"

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
