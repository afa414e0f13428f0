"""Whether a connection is set up well, for `tokui doctor`."""

from collections.abc import Iterator

from tokui.connector import Context, Finding
from tokui.errors import TokuiError

from tokui_email.exchange import Exchange
from tokui_email.letter import NO_REFUSAL, NO_SENDER
from tokui_email.maildir import Maildir
from tokui_email.notice import spoken
from tokui_email.settings import MailSettings, SmtpSettings
from tokui_email.signing import signed


def smtp_findings(
    name: str, settings: SmtpSettings, ctx: Context, exchange: Exchange
) -> Iterator[Finding]:
    """Connection, TLS, login, what the server can, signing, marketing, bounces."""
    try:
        with exchange.session() as session:
            yield Finding("ok", f"the mail server says hello ({_safety(settings)})")
            if not session.offers("smtputf8"):
                what = "the mail server knows no SMTPUTF8: addresses such as 太郎@… are refused"
                yield Finding("warning", what, "ask its operator, if you have such addresses")
    except TokuiError as error:
        yield Finding("problem", error.what, error.todo or "run again later")
    if settings.security == "none":
        yield Finding("warning", "mails go out unencrypted", 'set security = "starttls"')
    yield from _signing(settings)
    yield from marketing(name, settings, ctx)
    yield from _returns(settings, ctx)


def marketing(name: str, settings: MailSettings, ctx: Context) -> Iterator[Finding]:
    """What the law wants to be read in marketing e-mail, and is not configured."""
    lacks = []
    if spoken("ja", ctx.sender) is None:
        lacks.append((NO_SENDER, "fill in [sender.ja]"))
    if not settings.unsubscribe_address:
        lacks.append((NO_REFUSAL.format(name), "set unsubscribe_address and signing_key"))
    yield from (Finding("warning", what, todo) for what, todo in lacks)
    if not lacks:
        yield Finding("ok", "marketing e-mail can show who sends it and how to stop it")


def _safety(settings: SmtpSettings) -> str:
    return {"starttls": "STARTTLS", "tls": "TLS", "none": "no encryption"}[settings.security]


def _signing(settings: SmtpSettings) -> Iterator[Finding]:
    if settings.dkim is None:
        return
    try:
        signed(b"From: a@b.example\r\n\r\n\r\n", settings.dkim, settings.domain)
    except TokuiError as error:
        yield Finding("problem", error.what, error.todo)
    else:
        where = f"{settings.dkim.selector}._domainkey.{settings.dkim.domain or settings.domain}"
        yield Finding("ok", f"mails are signed; receivers look for the key at {where}")


def _returns(settings: SmtpSettings, ctx: Context) -> Iterator[Finding]:
    if settings.maildir is None:
        what = "bounces and requests to unsubscribe are not read"
        yield Finding("warning", what, "set maildir to the folder in which they arrive")
        return
    try:
        count = len(Maildir(settings.maildir, settings, ctx).listed())
    except TokuiError as error:
        yield Finding("problem", error.what, error.todo or "check maildir")
    else:
        yield Finding("ok", f"the maildir holds {count} mails")
