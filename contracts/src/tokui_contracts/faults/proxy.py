"""The proxy: it forwards requests, and breaks the answers it is told to break."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Event, Lock
from typing import Self
from urllib.parse import urlsplit

from pydantic_core import from_json, to_json

from tokui_contracts.faults.fault import Fault
from tokui_contracts.faults.weather import Weather
from tokui_contracts.loopback import Handler, Loopback

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
        self._lock = Lock()
        self.weather = Weather[Fault]()
        self.recorded: _Answer | None = None
        self._server = Loopback(_Handler, self)
        self.url = self._server.url
        self._server.start()

    def inject(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Break the answers to `times` requests (None: to all), once `after` more were answered well."""
        self.recorded = None
        self.weather.inject(fault, after=after, times=times)

    def follow(self, plan: Iterable[Fault | None]) -> None:
        """Take one of the plan for each request, None for a good answer; good ones after its end."""
        self.recorded = None
        self.weather.follow(plan)

    def heal(self) -> None:
        """Break no more answers."""
        self.weather.heal()

    def close(self) -> None:
        """Stop."""
        self.heal()
        self._server.stop()

    def next_fault(self) -> tuple[Fault | None, Event]:
        """What is to happen to the request that just came."""
        with self._lock:
            self.requests += 1
        return self.weather.next()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Handler(Handler):
    server: Loopback[FaultProxy]

    def do_GET(self) -> None:
        body = self.body()
        fault, healed = self.server.vendor.next_fault()
        if fault is None:
            self._send(self._forward(body))
        elif fault.kind == "silent":
            healed.wait(10)
            self.close_connection = True
        elif fault.kind == "reset":
            self.reset()
        elif fault.kind in ("truncated", "midway"):
            answer = self._forward(body)
            if answer.body or fault.kind == "truncated":
                self._send(answer, part=0.5)
            if fault.kind == "midway":
                self.reset()
        else:
            self._send(self._broken(fault, body))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

    def _broken(self, fault: Fault, body: bytes) -> _Answer:
        proxy = self.server.vendor
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
        upstream = HTTPConnection(*self.server.vendor.upstream, timeout=10)
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
