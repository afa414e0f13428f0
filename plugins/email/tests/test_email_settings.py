"""Settings that would not work, or not safely, are mistakes of the file."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError
from tokui_email.settings import DkimSettings, MailSettings, SendGridSettings, SmtpSettings

README = Path(__file__).parents[1] / "README.md"
SECRET = "a-secret-of-the-house-that-is-long-enough"
SMTP = {"host": "mail.shop.example", "from_address": "shop@shop.example"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"unsubscribe_address": "stop@shop.example"}, "needs a signing_key"),
        ({"bounce_address": "bounce@shop.example"}, "needs a signing_key"),
        ({"signing_key": "short"}, "at least 32"),
        ({"unsubscribe_url": "https://shop.example/u"}, "needs an unsubscribe_address"),
        ({"unsubscribe_url": "http://shop.example/u"}, "no https"),
        ({"username": "shop"}, "go together"),
        ({"username": "shop", "password": "x", "security": "none"}, "never sent without TLS"),
        ({"from_address": "shop"}, "no e-mail address"),
        ({"from_address": "店@shop.example"}, "ASCII"),
        ({"from_name": "shop\r\nBcc: x"}, "pattern"),
        ({"host": "mail.shop.example/x"}, "pattern"),
        ({"bounce_address": "returned-to-the-shop@shop.example", "signing_key": SECRET}, "15"),
    ],
)
def test_what_would_not_work_is_said(wrong, why):
    with pytest.raises(ValidationError, match=why):
        SmtpSettings(**SMTP | wrong)


def test_tls_is_the_default():
    assert (SmtpSettings(**SMTP).security, SmtpSettings(**SMTP).port) == ("starttls", 587)


@pytest.mark.parametrize("key", ["nonsense", "AAAA", "é"])
def test_a_verification_key_that_is_none(key):
    with pytest.raises(ValidationError, match="no verification key"):
        SendGridSettings(from_address="a@b.example", api_key="x", webhook_verifier=key)


def row(model, name):
    field = model.model_fields[name]
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    shown = "none" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"
    return f"| `{name}` | {'required' if field.is_required() else shown} | {field.description} |"


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("### Of both", MailSettings),
        ("### Of `smtp`", SmtpSettings),
        ("### Of `dkim`", DkimSettings),
        ("### Of `sendgrid`", SendGridSettings),
    ],
)
def test_the_readme_lists_every_setting_as_it_is(heading, model):
    lines = README.read_text("utf-8").splitlines()
    start = lines.index("|---|---|---|", lines.index(heading)) + 1
    shared = () if model is MailSettings else MailSettings.model_fields

    table = lines[start : lines.index("", start)]

    assert table == [row(model, name) for name in model.model_fields if name not in shared]
