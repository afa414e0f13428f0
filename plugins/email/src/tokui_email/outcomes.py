"""From a mail server's reply to what became of an address."""

from tokui.connector import Outcome
from tokui.errors import AuthError, FatalError, QuotaExceeded, RateLimited

from tokui_email.session import Reply
from tokui_email.verdict import reason, status_of, verdict

_TOO_LARGE = 552
_TOO_FAST = frozenset({421, 454})
_LIMIT_OF_THE_DAY = "5.4.5"
_NO_SMTPUTF8 = "5.6.7"


def outcome(who: str, address: str, reply: Reply) -> Outcome:
    """
    Judge the reply that decided on a message.

    Raises:
        RateLimited: We send too fast for it; nothing was sent.
        QuotaExceeded: We may send no more for some time; nothing was sent.
        AuthError: It is us whom the server refuses; so it would refuse every message.
        FatalError: It refuses this message, whoever gets it.
    """
    code, status = reply.code, status_of(reply.text)
    if reply.at == "end" and code < 300:
        return Outcome(address, "accepted")
    said = reason(code, status)
    _pressed(who, reply, status, said)
    judged = verdict(code, status, reply.text)
    if judged == "temporary":
        return Outcome(address, "deferred", said)
    if reply.at == "mail" and status != _NO_SMTPUTF8:
        _refused_sender(who, code, said)
    dead = judged == "dead" and (reply.at == "rcpt" or status is not None)
    return Outcome(address, "refused", said, suppress=dead)


def _pressed(who: str, reply: Reply, status: str | None, said: str) -> None:
    """Servers say of us what they say of recipients; greylisting and full mailboxes are theirs."""
    ours = reply.at != "rcpt"
    if status == _LIMIT_OF_THE_DAY or (ours and "quota" in reply.text.lower()):
        todo = "wait for its next period, or have the allowance raised"
        raise QuotaExceeded(f"the mail server's allowance is used up ({said})", who=who, todo=todo)
    if reply.code in _TOO_FAST or (ours and status and status.startswith("4.7.")):
        todo = f"lower http.rate_per_s of [connections.{who}] if this repeats"
        raise RateLimited(f"the mail server asks for a pause ({said})", who=who, todo=todo)


def _refused_sender(who: str, code: int, said: str) -> None:
    if code == _TOO_LARGE:
        raise FatalError(f"the mail server finds the message too large ({said})", who=who)
    raise AuthError(
        f"the mail server does not let us send ({said})",
        who=who,
        todo=f"check from_address and the login of [connections.{who}]",
    )
