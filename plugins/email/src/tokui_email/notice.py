"""
The notice under a marketing e-mail, in Japanese and English, and whether a letter shows it.

特定電子メールの送信の適正化等に関する法律 (法) 4条 and its 施行規則 9条 want to be read: the sender's name
(法4条1号), the address or URL that takes refusals (2号), that one may refuse (規則9条1号; it stands next to
that address), the postal address (2号), and where complaints and questions go (3号).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from tokui.model import Sender

from tokui_email.content import BODY_END

_WORDS = {
    "ja": (
        "配信者：{}",
        "住所：{}",
        "苦情・お問い合わせ：{}",
        "このメールの配信はいつでも停止できます。配信停止はこちら：",
    ),
    "en": (
        "Sent by: {}",
        "Address: {}",
        "Questions and complaints: {}",
        "You can stop these e-mails at any time. Unsubscribe here:",
    ),
}
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Notice:
    """
    What has to be read.

    Attributes:
        language: `ja` or `en`.
        sender: Who the shop is, in that language.
        link: Where to refuse; a URL, or a `mailto:` with the token in its subject.
    """

    language: str
    sender: Sender
    link: str

    @property
    def lines(self) -> tuple[str, ...]:
        """All but the link, which follows the last line."""
        name, postal, complaints, refuse = _WORDS[self.language]
        return (
            name.format(self.sender.name),
            postal.format(self.sender.postal_address),
            complaints.format(self.sender.complaints),
            refuse,
        )

    def under_text(self, text: str) -> str:
        """The text with the notice below it."""
        return "\n".join((text.rstrip("\r\n"), "", "―" * 10, *self.lines, self.link, ""))

    def under_mjml(self, mjml: str) -> str:
        """The MJML with the notice as its last section."""
        lines = "<br />".join(escape(line).replace("\n", "<br />") for line in self.lines)
        word = "配信停止" if self.language == "ja" else "Unsubscribe"
        section = (
            '<mj-section><mj-column><mj-text font-size="12px" line-height="1.6" color="#555555">'
            f'{lines} <a href="{escape(self.link)}">{word}</a>'
            "</mj-text></mj-column></mj-section>"
        )
        return BODY_END.sub(lambda end: section + end[0], mjml, count=1)

    def missing_in_text(self, text: str) -> list[str]:
        """Names of what a reader of the text would not see."""
        return list(self._missing(text, text))

    def missing_in_html(self, html: str) -> list[str]:
        """Names of what a reader of the HTML would not see, or could not follow."""
        page = _Page()
        page.feed(html)
        page.close()
        return list(self._missing("".join(page.visible), "\n".join(page.links)))

    def _missing(self, shown: str, links: str) -> Iterator[str]:
        seen = _BLANKS.sub("", shown)
        parts = {
            "name": self.sender.name,
            "postal_address": self.sender.postal_address,
            "complaints": self.sender.complaints,
            "opt-out statement": self.lines[-1],
        }
        yield from (what for what, text in parts.items() if _BLANKS.sub("", text) not in seen)
        if self.link not in links:
            yield "opt-out address"


def spoken(language: str, senders: Mapping[str, Sender]) -> tuple[str, Sender] | None:
    """Who the shop is, in this language or in one that is at hand; None when nobody said it."""
    wanted = language.partition("-")[0].lower()
    for each in (wanted, "ja", "en"):
        if each in senders and each in _WORDS:
            return each, senders[each]
    return None


class _Page(HTMLParser):
    """Collects what a page shows and where it leads."""

    _HIDDEN = frozenset({"head", "script", "style", "title", "template"})

    def __init__(self) -> None:
        super().__init__()
        self.visible: list[str] = []
        self.links: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag in self._HIDDEN
        if not self._inside:
            self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in self._HIDDEN and self._inside > 0

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.visible.append(data)
