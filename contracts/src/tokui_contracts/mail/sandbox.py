"""A mail server on loopback: aiosmtpd, with STARTTLS and a certificate of its own."""

import asyncio
import logging
import tempfile
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tokui_contracts.faults import Weather
from tokui_contracts.mail.certificate import made_in
from tokui_contracts.mail.taken import At, MailFault, Received

logging.getLogger("mail.log").setLevel(logging.ERROR)  # it would write down every envelope

USERNAME = "shop"
PASSWORD = "sandbox-password"  # noqa: S105 - opens nothing


class MailSandbox(AbstractContextManager["MailSandbox"]):
    """
    Takes mail on 127.0.0.1, from `with` to its end, and keeps it.

    Args:
        security: What it demands before it takes any.
        login: It wants USERNAME and PASSWORD.
        smtputf8: It knows addresses in UTF-8.

    Attributes:
        host: As its certificate names it.
        port: Where it listens.
        received: What it took, in order.
        authority: File to trust it by (`ca_file`).
        connections: How many were opened.
        begun: Messages that were begun, taken or not.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        port: int = 0,
        security: Literal["starttls", "tls", "none"] = "starttls",
        login: bool = False,
        smtputf8: bool = True,
    ) -> None:
        self.port = port
        self.received: list[Received] = []
        self.connections = self.begun = 0
        self._folder = tempfile.TemporaryDirectory(prefix="tokui-mail-")
        self.authority, self._context = made_in(Path(self._folder.name))
        self._security, self._login, self._smtputf8 = security, login, smtputf8
        self._weather = Weather[MailFault]()
        self._loop = asyncio.new_event_loop()
        self._ready = Event()
        self._serving: set[asyncio.BaseTransport] = set()

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._run, daemon=True, name="mail sandbox")
        self._thread.start()
        assert self._ready.wait(10), "the mail sandbox did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._folder.cleanup()

    def inject(self, fault: MailFault, *, after: int = 0, times: int | None = 1) -> None:
        """Do `times` messages wrong (None: all), once `after` more were taken well."""
        self._weather.inject(fault, after=after, times=times)

    def follow(self, plan: Iterable[MailFault | None]) -> None:
        """Take one of the plan for each message, None for a good one; good ones after its end."""
        self._weather.follow(plan)

    def heal(self) -> None:
        """Do no more wrong."""
        self._weather.heal()

    def next_fault(self) -> MailFault | None:
        """What is to happen to the message that just begins."""
        self.begun += 1
        return self._weather.next()[0]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        tls = self._context if self._security == "tls" else None
        making = self._loop.create_server(self._protocol, self.host, self.port, ssl=tls)
        server = self._loop.run_until_complete(making)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(_ended(server, self._serving))
        self._loop.close()

    def _protocol(self) -> SMTP:
        starttls = self._security == "starttls"
        return _Counted(
            self,
            _Handler(self),
            loop=self._loop,
            hostname="localhost",
            ident="tokui sandbox",
            enable_SMTPUTF8=self._smtputf8,
            tls_context=self._context if starttls else None,
            require_starttls=starttls,
            auth_required=self._login,
            auth_require_tls=starttls,
            authenticator=_authenticated,
        )

    def opened(self, transport: asyncio.BaseTransport) -> None:
        """Count a connection."""
        self.connections += 1
        self._serving.add(transport)


class _Counted(SMTP):
    """aiosmtpd's server, counted, and closed at the end."""

    def __init__(self, sandbox: MailSandbox, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sandbox = sandbox

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.transport is None:  # else it is the same connection, after STARTTLS
            self._sandbox.opened(transport)
        super().connection_made(transport)


class _Handler:
    """Answers for the sandbox; each message has one fault, or none."""

    def __init__(self, sandbox: MailSandbox) -> None:
        self._sandbox = sandbox
        self._fault: MailFault | None = None

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a message."""
        self._fault = self._sandbox.next_fault()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answered(server, "mail", "250 2.1.0 ok")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        answer = await self._answered(server, "rcpt", "250 2.1.5 ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the message, or not."""
        fault = self._fault
        wrong = fault is not None and fault.at in ("body", "data")
        if not wrong or (fault and fault.taken):
            content = envelope.content
            assert isinstance(content, bytes)
            took = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
            self._sandbox.received.append(took)
        at: At = "body" if fault and fault.at == "body" else "data"
        return await self._answered(server, at, "250 2.0.0 taken")

    async def _answered(self, server: SMTP, at: At, well: str) -> str:
        fault = self._fault
        if fault is None or fault.at != at:
            return well
        if fault.kind == "answer":
            return fault.says
        await asyncio.sleep(fault.seconds)
        if fault.kind == "slow":
            return well
        if isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "421 4.3.0 gone"


def _authenticated(*given: Any) -> AuthResult:
    right = LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=given[-1] == right, handled=False)


async def _ended(server: asyncio.Server, transports: set[asyncio.BaseTransport]) -> None:
    """Hang up, and let nothing be left behind."""
    server.close()
    for each in transports:
        if isinstance(each, asyncio.WriteTransport):
            each.abort()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(server.wait_closed(), 1)


__all__ = ["PASSWORD", "USERNAME", "MailSandbox"]
