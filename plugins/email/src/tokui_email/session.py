"""
One conversation with a mail server.

It is smtplib's, not aiosmtplib's: the house runs plain threads, and what matters here is to know at
every word whether the message is out of our hands, which takes the single commands and no more.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Literal, NamedTuple

from tokui.connector import Stop
from tokui.errors import AuthError, ConfigError, TokuiError, Unanswered, Unavailable

from tokui_email.address import Route
from tokui_email.settings import SmtpSettings

_LINE = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)
_CLOSING = 421


class Reply(NamedTuple):
    """
    What the server said.

    Attributes:
        at: Which of our words it answers; `end` is that after the whole message.
        code: Three digits.
        text: The rest; may hold the address.
    """

    at: Literal["mail", "rcpt", "data", "end"]
    code: int
    text: str


class Session:
    """
    A connection, logged in. Of one thread at a time.

    Attributes:
        sent: Messages so far.
        broken: It cannot be used again.
    """

    def __init__(self, who: str, settings: SmtpSettings, stop: Stop) -> None:
        """
        Connect.

        Raises:
            Unavailable: It cannot be reached, or is busy.
            ConfigError: `ca_file` cannot be read.
            AuthError: It offers no TLS, its certificate is not trusted, or it refuses the login.
            Stopped: The run ends.
        """
        self._who, self._settings, self._stop = who, settings, stop
        self.sent, self.broken, self._begun = 0, False, False
        stop.check()
        try:
            self._smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise self._unopened(error) from None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def deliver(self, sender: str, to: Route, mail: bytes) -> Reply:
        """
        Hand one message over; the reply that decided on it.

        Raises:
            Unavailable: Nothing was sent.
            Unanswered: It may have been sent.
            Stopped: The run ends, and nothing was sent.
        """
        if self._begun and (refused := self._command("RSET", "mail")):
            return refused
        if to.utf8 and not self.offers("smtputf8"):
            return Reply("mail", 553, "5.6.7 no SMTPUTF8")
        self._smtp.command_encoding = "utf-8" if to.utf8 else "ascii"
        options = (" SMTPUTF8" if to.utf8 else "") + (
            f" SIZE={len(mail)}" if self.offers("size") else ""
        )
        self._begun = True
        return (
            self._command(f"MAIL FROM:<{sender}>{options}", "mail")
            or self._command(f"RCPT TO:<{to.envelope}>", "rcpt")
            or self._command("DATA", "data")
            or self._hand_over(mail)
        )

    def offers(self, extension: str) -> bool:
        """Whether the server knows an extension."""
        return bool(self._smtp.has_extn(extension))

    @property
    def stale(self) -> bool:
        """The server has said something unasked: that it hangs up."""
        if self.broken or self._smtp.sock is None:
            return True
        with DefaultSelector() as selector:
            selector.register(self._smtp.sock, EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        """Hang up, politely where the connection still works."""
        with suppress(OSError, smtplib.SMTPException):
            if not self.broken and self._smtp.sock:
                self._smtp.sock.settimeout(1)
                self._smtp.quit()
        self._smtp.close()

    # --- opening ---------------------------------------------------------------------------------

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        host, port, name = settings.host.strip("[]"), settings.port, settings.domain
        if settings.security != "tls":
            return smtplib.SMTP(host, port, name, settings.timeout_s)
        return smtplib.SMTP_SSL(host, port, name, timeout=settings.timeout_s, context=self._trust())

    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._settings.ca_file)
        except OSError:
            what, todo = "its ca_file cannot be read", "name a file of certificates in PEM form"
            raise ConfigError(what, who=self._who, todo=todo) from None

    def _open(self) -> None:
        self._stop.check()
        try:
            self._smtp.ehlo()
            if self._settings.security == "starttls":
                self._start_tls()
            self._login()
        except (OSError, smtplib.SMTPException) as error:
            raise self._unopened(error) from None

    def _start_tls(self) -> None:
        if not self.offers("starttls"):
            raise self._auth("the server offers no STARTTLS", 'try security = "tls" and port = 465')
        code, _ = self._smtp.starttls(context=self._trust())
        if code != 220:
            raise self._gone(f"answered STARTTLS with {code}")
        self._smtp.ehlo()

    def _login(self) -> None:
        name, password = self._settings.username, self._settings.password
        if name is None or password is None:
            return
        todo = f"check username and password of [connections.{self._who}]"
        try:
            self._smtp.login(name, password.get_secret_value())
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise self._gone(f"answered the login with {error.smtp_code}") from None
            raise self._auth(f"the server refuses the login ({error.smtp_code})", todo) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            raise self._auth("the server takes no such login", todo) from None

    # --- sending ---------------------------------------------------------------------------------

    def _command(self, words: str, at: Literal["mail", "rcpt", "data"]) -> Reply | None:
        """The server's refusal; None when it agrees."""
        self._stop.check()
        try:
            code, text = self._smtp.docmd(words)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self.broken = True
            raise self._gone(f"broke off before the message ({type(error).__name__})") from None
        if code == _CLOSING or code < 200:
            self.broken = True
        if code < 200:
            raise self._gone("answered with something unreadable")
        agrees = code == 354 if at == "data" else 200 <= code < 300
        return None if agrees else Reply(at, code, text.decode("utf-8", "replace"))

    def _hand_over(self, mail: bytes) -> Reply:
        """From here on only an answer tells what became of the message."""
        lines = _DOT.sub(b"..", _LINE.sub(b"\r\n", mail))
        try:
            if self._smtp.sock:
                self._smtp.sock.settimeout(self._settings.answer_s)
            self._smtp.send(lines.removesuffix(b"\r\n") + b"\r\n.\r\n")
            code, text = self._smtp.getreply()
            if self._smtp.sock:
                self._smtp.sock.settimeout(self._settings.timeout_s)
        except (OSError, smtplib.SMTPException) as error:
            self.broken = True
            raise self._unanswered(type(error).__name__) from None
        if code < 200:
            self.broken = True
            raise self._unanswered("an unreadable answer")
        self.sent, self.broken, self._begun = self.sent + 1, code == _CLOSING, False
        return Reply("end", code, text.decode("utf-8", "replace"))

    def _unopened(self, error: Exception) -> TokuiError:
        if not isinstance(error, ssl.SSLCertVerificationError):
            return self._gone(f"cannot be reached ({type(error).__name__})")
        why = f"the mail server's certificate is not trusted ({error.verify_message})"
        return self._auth(why, "name the server as its certificate does, or set ca_file")

    def _gone(self, why: str) -> TokuiError:
        return Unavailable(f"the mail server {why}", who=self._who, todo="run again later")

    def _auth(self, why: str, todo: str) -> TokuiError:
        return AuthError(why, who=self._who, todo=todo)

    def _unanswered(self, why: str) -> TokuiError:
        what = f"the message went out, and the mail server did not say whether it took it ({why})"
        return Unanswered(what, who=self._who, todo="look for it in the server's log")
