"""Signatures that dkimpy verifies, on mails that went through a real server."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from tokui.errors import AuthError

LIST = {"list-id", "list-unsubscribe", "list-unsubscribe-post"}


@pytest.fixture
def dns(rsa_key):
    """What stands in DNS, and what was looked up there."""
    public = rsa_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    asked = []

    def look_up(name, timeout=5):
        asked.append(name)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    look_up.asked = asked
    return look_up


@pytest.fixture
def received(smtp, server, parcel, pem):
    mail = smtp(dkim={"selector": "s1", "key": pem}, unsubscribe_url="https://shop.example/u")
    mail.send(parcel(purpose="marketing"))
    return server.received[0]


def test_a_signature_verifies_and_covers_both_headers_of_the_list(received, dns):
    assert dkim.verify(received.content, dnsfunc=dns)

    tags = dkim.util.parse_tag_value(received.message["DKIM-Signature"].encode())
    covered = set(tags[b"h"].decode().replace(" ", "").lower().split(":"))
    assert covered >= {*LIST, "from", "to", "subject", "date", "message-id"}
    assert dns.asked == [b"s1._domainkey.shop.example."]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"token=", b"token=x"),
        (b"One-Click", b"Two-Click"),
        (b"From: ", b"From: evil@shop.example\r\nFrom: "),
        (b"Subject: ", b"Subject: Bargain\r\nSubject: "),
    ],
)
def test_what_is_changed_or_added_breaks_it(received, dns, old, new):
    head, blank, body = received.content.partition(b"\r\n\r\n")
    assert old in head

    assert not dkim.verify(head.replace(old, new, 1) + blank + body, dnsfunc=dns)


def test_a_mail_to_an_international_address_is_signed_too(smtp, server, parcel, pem, dns):
    smtp(dkim={"selector": "s1", "key": pem}).send(parcel("太郎@例え.jp"))

    assert dkim.verify(server.received[0].content, dnsfunc=dns)


def test_a_key_that_is_none_pauses_the_connection_and_is_not_shown(smtp, server, parcel):
    mail = smtp(dkim={"selector": "s1", "key": "no-such-key"})

    with pytest.raises(AuthError, match="DKIM key") as caught:
        mail.send(parcel())

    assert "no-such-key" not in f"{caught.value!r}"
    assert any(each.level == "problem" for each in mail.check())
    assert server.received == []
