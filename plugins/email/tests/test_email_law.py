"""What a marketing e-mail must show (特定電子メール法), and what is refused without it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tokui.model import Sender
from tokui_contracts.mail import MailSandbox
from tokui_email.content import EmailContent
from tokui_email.letter import Letterhead
from tokui_email.notice import Notice
from tokui_email.settings import SmtpSettings
from tokui_email.smtp import Smtp
from tokui_email.tokens import Claim, verify

MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SECRET = "a-secret-of-the-house-that-is-long-enough"
WORDS = EmailContent(subject="件名", text="本文")
HTML = EmailContent(subject="件名", text="本文", mjml=MJML.format("本文"))

shown = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1).filter(str.strip)
senders = st.builds(Sender, name=shown, postal_address=shown, complaints=shown)


def head(senders=None, **settings):
    known = {"host": "m.example", "from_address": "shop@shop.example"}
    return Letterhead("mail", SmtpSettings(**known | settings), senders or {})


def able(senders):
    return head(senders, unsubscribe_address="stop@shop.example", signing_key=SECRET)


def test_a_marketing_mail_shows_who_sends_it_and_how_to_stop_it(smtp, server, parcel):
    smtp().send(parcel(purpose="marketing", content={"mjml": MJML.format("花子様")}))

    html = server.received[0].message.get_body(("html",)).get_content()
    for part in ("福屋 銀座店", "東京都中央区銀座1-1", "help@shop.example", "配信停止"):
        assert part in server.received[0].text
        assert part in html


def test_its_link_names_the_person_to_us_alone(smtp, server, parcel):
    smtp().send(parcel(purpose="marketing", topic="new_arrivals"))

    link = server.received[0].text.splitlines()[-1]
    assert link.startswith("mailto:unsubscribe@shop.example?subject=unsubscribe%20")
    token = link.rpartition("%20")[2]
    assert verify(SECRET, token) == Claim("marketing", "new_arrivals", "hanako@example.jp")
    assert "hanako" not in link


def test_the_headers_of_a_list_without_a_page(smtp, server, parcel):
    smtp().send(parcel(purpose="marketing", topic="new_arrivals"))

    message = server.received[0].message
    assert message["List-Id"] == "<new-arrivals.shop.example>"
    assert message["List-Unsubscribe"].startswith("<mailto:unsubscribe@shop.example?subject=")
    assert message["List-Unsubscribe-Post"] is None


def test_one_click_is_promised_only_where_a_page_takes_it(smtp, server, parcel):
    smtp(unsubscribe_url="https://shop.example/u?v=1").send(parcel(purpose="marketing"))

    message = server.received[0].message
    assert message["List-Unsubscribe"].startswith("<https://shop.example/u?v=1&token=")
    assert ", <mailto:" in message["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert server.received[0].text.splitlines()[-1].startswith("https://shop.example/u?v=1&token=")


def test_only_what_is_owed_is_sent_by_a_machine(smtp, server, parcel):
    mail = smtp()
    for purpose in ("transactional", "service", "marketing"):
        mail.send(parcel(purpose=purpose))

    marks = [received.message["Auto-Submitted"] for received in server.received]
    assert marks == ["auto-generated", None, None]


def test_what_is_owed_has_no_notice_and_no_list(smtp, server, parcel):
    smtp().send(parcel(purpose="transactional"))

    assert server.received[0].text == "花子様\r\n"
    assert server.received[0].message["List-Unsubscribe"] is None


def test_it_speaks_the_language_of_the_message(smtp, server, parcel):
    smtp().send(parcel(purpose="marketing", language="en-GB"))

    assert "Sent by: Fukuya" in server.received[0].text
    assert "Unsubscribe here:" in server.received[0].text
    assert str(server.received[0].message["From"]) == "Fukuya <shop@shop.example>"


@pytest.mark.parametrize("purpose", ["service", "transactional"])
def test_what_advertises_is_marketing_whatever_else_it_says(purpose):
    promotional = EmailContent(subject="件名", text="本文", promotional=True)

    assert "draft it as marketing" in head().objection(promotional, purpose, "ja")
    assert head().objection(WORDS, purpose, "ja") is None


def test_without_a_sender_nothing_is_advertised():
    assert "[sender.ja]" in able({}).objection(WORDS, "marketing", "ja")


def test_without_a_way_to_stop_it_nothing_is_advertised():
    sender = Sender(name="福屋", postal_address="銀座", complaints="03-1234-5678")

    objection = head({"ja": sender}).objection(WORDS, "marketing", "ja")

    assert "unsubscribe_address" in objection
    assert "[connections.mail]" in objection


@CALM
@given(senders, st.sampled_from(["ja", "en"]), st.sampled_from([WORDS, HTML]))
def test_what_is_configured_is_shown_whatever_it_is(sender, language, words):
    assert able({language: sender}).objection(words, "marketing", language) is None


@pytest.mark.parametrize("where", ["name", "postal_address", "complaints"])
def test_a_notice_that_does_not_show_is_noticed(where):
    sender = Sender(name="福屋", postal_address="銀座", complaints="03-1234-5678")
    notice = Notice("ja", sender, "https://shop.example/u")
    text = notice.under_text("本文").replace(getattr(sender, where), "")

    assert notice.missing_in_text(text) == [where]


def test_a_notice_in_a_comment_is_not_seen():
    sender = Sender(name="福屋", postal_address="銀座", complaints="03-1234-5678")
    notice = Notice("ja", sender, "https://shop.example/u")
    html = f"<!-- {notice.under_text('')} --><style>{notice.under_text('')}</style><p>本文</p>"

    assert len(notice.missing_in_html(html)) == 5


def test_values_of_the_sender_are_no_markup(smtp, server, parcel):
    mail = smtp()
    odd = Sender(name="<b>A&B</b>", postal_address="銀座", complaints="03-1234-5678")
    mail.ctx = replace(mail.ctx, sender={"ja": odd})

    mail.send(parcel(purpose="marketing", content={"mjml": MJML.format("x")}))

    html = server.received[0].message.get_body(("html",)).get_content()
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in html


def test_the_preview_is_what_will_be_read(smtp):
    assert smtp().preview(WORDS, "marketing", "ja").startswith("件名\n\n本文\n\n――")
    assert smtp().preview(WORDS, "service", "ja") == "件名\n\n本文"


@pytest.mark.parametrize(
    "mjml",
    [
        "<p>no</p>",
        "<mjml><mj-body></mj-body>",
        MJML.format("<b>"),
        MJML.format("x") + "<!-- </mj-body></mjml> more -->",
        "<mjml><mj-body><mj-include path='secret.txt' /></mj-body></mjml>",
    ],
)
def test_what_is_no_mjml_is_refused_without_a_word_of_it(mjml):
    with pytest.raises(ValidationError) as caught:
        EmailContent(subject="件名", text="本文", mjml=mjml)

    assert mjml not in str(caught.value)


def test_the_field_that_takes_markup_says_so():
    fields = EmailContent.model_json_schema()["properties"]

    assert [name for name, field in fields.items() if field.get("markup")] == ["mjml"]


def test_fonts_are_never_fetched(smtp, server, parcel):
    smtp().send(parcel(content={"mjml": MJML.format("x")}))

    html = server.received[0].message.get_body(("html",)).get_content()
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_check_says_what_marketing_still_needs(smtp):
    whole = [each.level for each in smtp().check()]
    lacking = [each for each in smtp(unsubscribe_address=None).check() if each.level != "ok"]

    assert "problem" not in whole
    assert any("unsubscribe_address" in (each.todo or "") for each in lacking)


def test_check_says_that_the_server_does_not_answer():
    with MailSandbox() as server:
        port = server.port
    settings = SmtpSettings(host="127.0.0.1", port=port, from_address="a@b.example")

    problems = [each for each in Smtp("mail", settings, _lent()).check() if each.level == "problem"]

    assert problems[0].todo


def _lent():
    from tokui_contracts.context import context

    return context("mail")
