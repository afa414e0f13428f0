"""The bytes of an e-mail: what is put in comes out, and nothing else does."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tokui_email.address import folded, route, same
from tokui_email.content import EmailContent
from tokui_email.letter import Letter
from tokui_email.message import written

AT = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
FROM = Address("福屋 銀座店", addr_spec="shop@shop.example")
NAMES = {
    *("from", "to", "subject", "date", "message-id", "mime-version", "content-type"),
    "content-transfer-encoding",
}

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
japanese = st.text(
    st.sampled_from("あ亜ア髙﨑𠮷😀ｱ　、。abc XYZ 12-/=?_<>@:;\"'\\"), min_size=1, max_size=200
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def message(subject="件名", text="本文", html=None, address="hanako@example.jp", **headers):
    letter = Letter(address, subject, text, html, headers, None)
    return written(letter, FROM, None, "key.tag@shop.example", AT)


def content(**given):
    return EmailContent(**{"subject": "件名", "text": "本文"} | given)


def read(mail):
    return message_from_bytes(mail, policy=default)


@CALM
@given(japanese)
@example("= =")
@example("a" * 190)
@example("あ" * 190)
@example("=?utf-8?b?44GC?=")
def test_a_subject_comes_back_as_it_was(subject):
    try:
        kept = content(subject=subject).subject
    except ValidationError:
        return  # nothing but blanks

    assert read(message(subject=kept))["Subject"] == kept


@CALM
@given(japanese.map(lambda text: text.replace(" ", "あ")))
def test_a_text_comes_back_as_it_was(text):
    assert read(message(text=text)).get_content() == f"{text}\r\n"


@CALM
@given(anything)
def test_a_text_of_any_kind_makes_a_mail_of_short_plain_lines(text):
    try:
        kept = content(text=text).text
    except ValidationError:
        return  # control characters

    mail = message(text=kept)
    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.replace(b"\r\n", b"")


@CALM
@given(anything, anything)
def test_no_header_can_be_smuggled_in(subject, address):
    try:
        mail = message(subject=content(subject=subject).subject, address=address)
    except ValueError:
        return  # refused

    names = [name.lower() for name in read(mail)]
    assert sorted(names) == sorted(set(names))
    assert set(names) <= NAMES


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"])
def test_a_subject_of_two_lines_is_refused(break_):
    with pytest.raises(ValidationError):
        content(subject=f"one{break_}Bcc: everyone@example.jp")


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nDATA",
        "a b@c.example",
        "<a@b.example>",
        "a,b@c.example",
        "a@b@c.example",
        'a"b@c.example',
        "a@",
        "@b.example",
        "a@b",
        "a@-b.example",
        "a@b..example",
        "a" * 65 + "@b.example",
        "",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match=r"address|domain") as caught:
        message(address=address)

    assert not address or address not in str(caught.value)


@CALM
@given(anything)
def test_a_route_is_one_word_of_the_envelope(address):
    try:
        found = route(address)
    except ValueError:
        return

    assert found.domain.isascii()
    assert not set(found.envelope) & set("\r\n\0<>")


@pytest.mark.parametrize(
    ("written_", "envelope"),
    [
        ("Taro@Example.JP", "Taro@example.jp"),
        (" taro@example.jp ", "taro@example.jp"),
        ("taro@例え.jp", "taro@xn--r8jz45g.jp"),
        ("太郎@例え.jp", "太郎@xn--r8jz45g.jp"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ('"a.b."@docomo.ne.jp', '"a.b."@docomo.ne.jp'),
        ("o'neil+shop@example.ie", "o'neil+shop@example.ie"),
    ],
)
def test_how_an_address_stands_in_the_envelope(written_, envelope):
    assert route(written_).envelope == envelope


def test_one_mailbox_in_two_spellings():
    assert same("A.B.@docomo.ne.jp", '"a.b."@DOCOMO.ne.jp')
    assert folded("nonsense ") == "nonsense"


def test_html_stands_beside_the_text():
    mail = read(message(text="文", html="<p>文</p>"))

    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content() for part in mail.iter_parts()] == ["文\r\n", "<p>文</p>\r\n"]


def test_a_header_of_two_lines_is_never_written():
    with pytest.raises(ValueError, match="more than one line"):
        message(**{"List-Id": "<x>\r\nBcc: everyone@example.jp"})


def test_a_long_link_stays_whole():
    link = f"<https://shop.example/u?token={'x' * 300}>, <mailto:u@shop.example>"

    mail = message(**{"List-Unsubscribe": link})

    assert link.partition(",")[0].encode() in mail
    assert read(mail)["List-Unsubscribe"] == link


def test_the_same_letter_is_the_same_bytes():
    assert message(html="<p>a</p>") == message(html="<p>a</p>")
