"""Sends requests: one client for each connection, made at its first request."""

import random
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Unpack
from urllib.parse import urlsplit

from tokui import __version__
from tokui.connector import Stop
from tokui.errors import RetryableError
from tokui.http.address import PRIVATE, check_public
from tokui.http.answer import Response, decoded, http_date
from tokui.http.call import Call, Options
from tokui.http.pace import Pace
from tokui.http.redact import redact_logs
from tokui.http.settings import HttpSettings

if TYPE_CHECKING:
    import httpx

FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 60.0
LONGEST_CONNECT_S = 10.0


class Http:
    """
    The only way out of a connector, lent as `ctx.http`. One for each connection and run.

    stamina decides what is tried again and how often. Its own sleep cannot be woken, so the waiting
    is done at the head of the next try, by `stop.wait`: there the run's stop ends it, and it is
    shown to the operator. Redirects are not followed and TLS is always verified. Errors show method,
    host and path only.

    Args:
        name: The connection, named in errors.
        settings: Its limits.
        stop: Ends the run; its `wait` is every wait there is.
        now: Aware, UTC.
        rng: Jitter.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(
        self,
        name: str,
        settings: HttpSettings,
        *,
        stop: Stop,
        now: Callable[[], datetime],
        rng: random.Random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._settings = settings
        self._stop = stop
        self._now = now
        self._rng = rng
        self._clock = clock
        self._pace = Pace(settings.rate_per_s, clock)
        self._lock = Lock()
        self._client: httpx.Client | None = None
        self._checked: set[tuple[str, str | None]] = set()
        self._skew: timedelta | None = None

    def get(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a GET, as `request` does."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a POST, as `request` does. It is tried again: pass `tries=1` where that does harm."""
        return self.request("POST", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        timeout_s: float | None = None,
        tries: int | None = None,
        allow: Collection[int] = (),
        private: Collection[str] = (),
    ) -> Response:
        """
        Send a request until it is answered, refused, or its tries or its time are used up.

        Args:
            method: Upper case.
            url: Whole, with scheme and host.
            params: Added to the query.
            headers: Sent as they are.
            json: Body, sent as JSON unless it is None.
            content: Body, sent as it is.
            timeout_s: Instead of the setting of this name.
            tries: Instead of the setting of this name.
            allow: Statuses to return as they are, at the first answer.
            private: Parts of the path that name somebody, such as a member number; never shown.

        Raises:
            AuthError: 401 or 403.
            RateLimited: 429, after the tries.
            Unavailable: 408, 5xx, no connection; `Unanswered` for no answer, or a broken or too
                large one. After the tries.
            FatalError: Any other status but 2xx.
            ConfigError: The address is not allowed, or the request cannot be written.
            Stopped: The run ends.
        """
        PRIVATE.set(private)
        sent = {"headers": headers, "json": json, "content": content}
        patience_s = timeout_s or self._settings.timeout_s
        ends_at = self._clock() + self._settings.deadline_s
        call = Call(self._name, method, url, params, sent, allow, patience_s, ends_at)
        return self._answer(call, tries or self._settings.tries)

    def server_time(self) -> datetime | None:
        """The far side's present time, by its last `Date` header; None before its first answer."""
        return None if self._skew is None else self._now() + self._skew

    def close(self) -> None:
        """Close the connections. The next request would open new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _answer(self, call: Call, tries: int) -> Response:
        import stamina

        again = stamina.retry_context(
            on=lambda error: self._plan(call, error), attempts=tries, timeout=None
        )
        for attempt in again:
            with attempt:
                self._wait(call)
                return self._try(call)
        raise AssertionError("stamina ends with a return or a raise")  # pragma: no cover

    def _plan(self, call: Call, error: Exception) -> bool | float:
        """
        Whether to try again, and after which delay.

        0.0 tells stamina to try again without a sleep of its own.
        """
        if not isinstance(error, RetryableError):
            return False
        call.failures += 1
        longest = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** (call.failures - 1))
        jitter = self._rng.uniform(0, longest)
        call.delay_s = jitter if call.asked_s is None else call.asked_s + jitter / 10
        return 0.0 if self._clock() + call.delay_s < call.ends_at else False

    def _wait(self, call: Call) -> None:
        self._stop.check()
        if call.delay_s:
            self._stop.wait(call.delay_s, call.why)
        if pause := self._pace.reserve():
            self._stop.wait(pause, "rate limit")

    def _try(self, call: Call) -> Response:
        import httpx

        call.begin()
        try:
            self._check_address(call.url)
            return self._exchange(call)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise call.gone(f"no connection within {call.timeout_s:g} s") from None
        except httpx.TimeoutException:
            raise call.unanswered(f"no answer within {call.timeout_s:g} s") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, ValueError):
            raise call.unwritable() from None
        except httpx.ConnectError as error:
            raise call.gone(f"cannot connect ({error})") from None
        except httpx.TransportError as error:
            raise call.unanswered(f"the answer broke off ({type(error).__name__})") from None

    def _exchange(self, call: Call) -> Response:
        import httpx

        patience = min(call.timeout_s, max(call.ends_at - self._clock(), 0.001))
        timeout = httpx.Timeout(patience, connect=min(patience, LONGEST_CONNECT_S))
        url = httpx.URL(call.url).copy_merge_params(call.params or {})
        with self._open().stream(
            call.method,
            url,
            timeout=timeout,
            **call.content,  # type: ignore[arg-type]
        ) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if date := http_date(headers.get("date")):
                self._skew = date - self._now()
            if answer.is_success or answer.status_code in call.allow:
                return Response(answer.status_code, headers, self._read(call, answer))
            now = self.server_time() or self._now()
            raise call.refused(answer.status_code, headers, now)

    def _read(self, call: Call, answer: "httpx.Response") -> bytes:
        body, limit = bytearray(), self._settings.max_response_bytes
        encoding = answer.headers.get("content-encoding", "").strip().lower()
        try:
            for piece in decoded(encoding, answer.iter_raw()):
                body += piece
                self._stop.check()
                if len(body) > limit:
                    raise call.unanswered(f"the answer is over {limit} bytes")
                if self._clock() > call.ends_at:
                    raise call.unanswered("the answer took too long")
        except ValueError as error:
            raise call.unanswered(f"{error}") from None
        return bytes(body)

    def _check_address(self, url: str) -> None:
        parts = urlsplit(url)
        origin = (parts.scheme, parts.hostname)
        if not self._settings.allow_private and origin not in self._checked:
            check_public(self._name, url)
            self._checked.add(origin)

    def _open(self) -> "httpx.Client":
        with self._lock:
            if self._client is None:
                self._client = _client()
            return self._client


def _client() -> "httpx.Client":
    import httpx

    redact_logs()
    return httpx.Client(
        headers={"User-Agent": f"tokui/{__version__}", "Accept-Encoding": "gzip"},
        follow_redirects=False,
        mounts={"all://localhost": None, "all://127.0.0.1": None},  # never through a proxy
    )
