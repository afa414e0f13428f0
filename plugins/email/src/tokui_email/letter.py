"""From a parcel to a letter: the words, the notice and the list headers, for any way of sending."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tokui.connector import Parcel
from tokui.errors import FatalError
from tokui.model import Purpose, Sender

from tokui_email.content import EmailContent, rendered
from tokui_email.notice import Notice, spoken
from tokui_email.settings import MailSettings
from tokui_email.tokens import Claim, sign

_LABEL = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """
    One e-mail to one address, before it is written in the form of a transport.

    Attributes:
        address: As in the parcel.
        headers: Beside From, To, Reply-To and Subject; values of one line.
        from_name: None: the bare address.
    """

    address: str
    subject: str
    text: str
    html: str | None
    headers: Mapping[str, str]
    from_name: str | None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """
    What all letters of a connection share.

    Attributes:
        name: The connection's, for what is said of its settings.
        senders: Who the shop is, by language.
    """

    name: str
    settings: MailSettings
    senders: Mapping[str, Sender] = field(default_factory=dict)

    def letter(self, parcel: Parcel, address: str) -> Letter:
        """What one address of the parcel gets. Pure."""
        assert isinstance(parcel.content, EmailContent)  # noqa: S101 - the core validated it
        token = self._token(parcel.purpose, parcel.topic, address)
        text, html = self._bodies(parcel.content, parcel.purpose, parcel.language, token)
        said = spoken(parcel.language, self.senders)
        return Letter(
            address=address,
            subject=parcel.content.subject,
            text=text,
            html=html,
            headers=self._headers(parcel, token),
            from_name=self.settings.from_name or (" ".join(said[1].name.split()) if said else None),
        )

    def preview(self, content: EmailContent, purpose: Purpose, language: str) -> str:
        """Subject and text, as the person will read them."""
        token = self._token(purpose, None, self.settings.from_address)
        text, _ = self._bodies(content, purpose, language, token)
        return f"{content.subject}\n\n{text}"

    def objection(self, content: EmailContent, purpose: Purpose, language: str) -> str | None:
        """Why it must not go out (法3–4条); see `notice`."""
        if purpose != "marketing":
            return PROMOTIONAL if content.promotional else None
        said = spoken(language, self.senders)
        if said is None:
            return NO_SENDER
        token = self._token(purpose, None, self.settings.from_address)
        if token is None:
            return NO_REFUSAL.format(self.name)
        notice = Notice(*said, self._link(token))
        text, html = self._bodies(content, purpose, language, token)
        missing = notice.missing_in_text(text) + (notice.missing_in_html(html) if html else [])
        return NOT_SHOWN.format(", ".join(dict.fromkeys(missing))) if missing else None

    def _bodies(
        self, content: EmailContent, purpose: Purpose, language: str, token: str | None
    ) -> tuple[str, str | None]:
        text, mjml = content.text, content.mjml
        said = spoken(language, self.senders)
        if purpose == "marketing" and said and token:
            notice = Notice(*said, self._link(token))
            text, mjml = notice.under_text(text), notice.under_mjml(mjml) if mjml else None
        return text, rendered(mjml) if mjml else None

    def _headers(self, parcel: Parcel, token: str | None) -> dict[str, str]:
        if parcel.purpose == "transactional":
            return {"Auto-Submitted": "auto-generated"}
        if token is None:
            return {}
        headers = {"List-Id": f"<{self._list(parcel.topic)}>"}
        mailto, url = self._mailto(token), self._url(token)
        headers["List-Unsubscribe"] = f"<{url}>, <{mailto}>" if url else f"<{mailto}>"
        if url:
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    def _token(self, purpose: Purpose, topic: str | None, address: str) -> str | None:
        secret = self.settings.secret
        if purpose != "marketing" or not secret or not self.settings.unsubscribe_address:
            return None
        return sign(secret, Claim(purpose, topic, address))

    def _link(self, token: str) -> str:
        return self._url(token) or self._mailto(token)

    def _mailto(self, token: str) -> str:
        return f"mailto:{self.settings.unsubscribe_address}?subject=unsubscribe%20{token}"

    def _url(self, token: str) -> str | None:
        url = self.settings.unsubscribe_url
        return f"{url}{'&' if '?' in url else '?'}token={token}" if url else None

    def _list(self, topic: str | None) -> str:
        written = (topic or "marketing").lower()
        label = _LABEL.sub("-", written).strip("-")[:60]
        if not label:  # a topic in Japanese
            label = f"topic-{hashlib.sha256(written.encode()).hexdigest()[:8]}"
        return f"{label}.{self.settings.list_domain or self.settings.domain}"


def only(who: str, parcel: Parcel) -> str:
    """
    The one address of a parcel: links to unsubscribe are a person's own.

    Raises:
        FatalError: There are more.
    """
    if len(parcel.addresses) != 1:
        raise FatalError("a parcel of e-mail has one address", who=who)
    return parcel.addresses[0]


PROMOTIONAL = (
    "promotional content is marketing, whatever else it says: draft it as marketing "
    "(広告を含むメールは marketing として作成してください)"
)
NO_SENDER = (
    "a marketing e-mail must show who sends it (特定電子メール法4条): "
    "fill in name, postal_address and complaints of [sender.ja] "
    "(送信者の氏名・住所・苦情受付先を [sender.ja] に設定してください)"
)
NO_REFUSAL = (
    "a marketing e-mail must show where to unsubscribe (特定電子メール法4条): "
    "set unsubscribe_address and signing_key in [connections.{}] (配信停止の受付先を設定してください)"
)
NOT_SHOWN = (
    "a marketing e-mail must show who sends it and how to stop it (特定電子メール法4条), "
    "and this one does not show: {} (必要な表示が欠けています)"
)
