"""What becomes of a message, answer by answer, with a real server on loopback."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tokui.errors import (
    AuthError,
    ConfigError,
    FatalError,
    QuotaExceeded,
    RateLimited,
    Stopped,
    Unanswered,
    Unavailable,
)
from tokui_contracts.mail import MailFault, MailSandbox
from tokui_contracts.mail.sandbox import PASSWORD, USERNAME


def test_a_message_arrives_under_a_mark_of_its_own(smtp, server, parcel):
    (outcome,) = smtp().send(parcel())

    (received,) = server.received
    assert outcome.state == "accepted"
    assert received.recipients == ("hanako@example.jp",)
    assert received.sender.startswith("bounce+6f1c1b9a-0000-4000-8000-123456789abc.")
    assert received.message["Message-ID"].startswith("<6f1c1b9a-0000-4000-8000-123456789abc.")


def test_a_connection_is_used_again(smtp, server, parcel):
    mail = smtp()

    for _ in range(3):
        mail.send(parcel())

    assert (len(server.received), server.connections) == (3, 1)


def test_a_connection_ends_after_so_many_messages(smtp, server, parcel):
    mail = smtp(messages_per_connection=2)

    for _ in range(5):
        mail.send(parcel())

    assert (len(server.received), server.connections) == (5, 3)


def test_a_refused_message_does_not_spoil_the_next_one(smtp, server, parcel):
    mail = smtp()
    server.inject(MailFault("answer", "rcpt", "550 5.1.1 nobody"))

    states = [mail.send(parcel(address))[0].state for address in ("a@x.example", "b@x.example")]

    assert states == ["refused", "accepted"]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("at", "says", "state", "dead"),
    [
        ("mail", "451 4.3.0 busy", "deferred", False),
        ("rcpt", "450 4.2.0 greylisted", "deferred", False),
        ("rcpt", "452 4.2.2 mailbox full", "deferred", False),
        ("rcpt", "550 5.1.1 no such user", "refused", True),
        ("rcpt", "550 no such user", "refused", True),
        ("rcpt", "553 5.1.3 bad address", "refused", True),
        ("rcpt", "550 5.7.1 not wanted", "refused", False),
        ("rcpt", "550 rejected as spam", "refused", False),
        ("rcpt", "552 5.2.2 mailbox full", "refused", False),
        ("rcpt", "450 4.7.1 greylisted", "deferred", False),
        ("rcpt", "452 4.2.2 over quota", "deferred", False),
        ("data", "451 4.3.0 later", "deferred", False),
        ("data", "550 content not wanted", "refused", False),
        ("data", "554 5.7.1 spam", "refused", False),
    ],
)
def test_each_answer_has_its_meaning(smtp, server, parcel, at, says, state, dead):
    server.inject(MailFault("answer", at, says))

    (outcome,) = smtp().send(parcel())

    assert (outcome.state, outcome.suppress) == (state, dead)
    assert server.received == []


@pytest.mark.parametrize(
    ("at", "says", "error"),
    [
        ("mail", "421 4.7.0 too many messages", RateLimited),
        ("mail", "451 4.7.1 slow down", RateLimited),
        ("rcpt", "421 too many connections", RateLimited),
        ("data", "454 Throttling failure: Maximum sending rate exceeded.", RateLimited),
        ("data", "454 Throttling failure: Daily message quota exceeded.", QuotaExceeded),
        ("data", "550 5.4.5 Daily user sending limit exceeded", QuotaExceeded),
        ("mail", "550 5.7.1 sender not allowed", AuthError),
        ("mail", "530 5.7.0 log in first", AuthError),
        ("mail", "552 5.3.4 too large", FatalError),
    ],
)
def test_what_concerns_all_messages_holds_them_all(smtp, server, parcel, at, says, error):
    server.inject(MailFault("answer", at, says))

    with pytest.raises(error) as caught:
        smtp().send(parcel())

    assert type(caught.value) is error
    assert server.received == []


def test_the_reason_holds_numbers_and_never_the_servers_words(smtp, server, parcel):
    server.inject(MailFault("answer", "rcpt", "550 5.1.1 <hanako@example.jp> unknown"))

    (outcome,) = smtp().send(parcel())

    assert outcome.reason == "550 5.1.1"


@pytest.mark.parametrize("at", ["mail", "rcpt"])
def test_what_breaks_before_the_message_was_not_sent(smtp, server, parcel, at):
    server.inject(MailFault("drop", at))

    with pytest.raises(Unavailable) as caught:
        smtp().send(parcel())

    assert not isinstance(caught.value, Unanswered)
    assert server.received == []


@pytest.mark.parametrize(("at", "taken"), [("body", 0), ("data", 1)])
def test_what_breaks_after_the_message_may_have_been_sent(smtp, server, parcel, at, taken):
    server.inject(MailFault("drop", at))

    with pytest.raises(Unanswered):
        smtp().send(parcel())

    assert len(server.received) == taken


def test_an_answer_that_does_not_come_in_time_may_have_been_a_yes(smtp, server, parcel):
    server.inject(MailFault("slow", "data", seconds=3))

    with pytest.raises(Unanswered):
        smtp(answer_s=0.2).send(parcel())

    assert len(server.received) == 1


def test_after_a_break_the_next_message_gets_a_new_connection(smtp, server, parcel):
    mail = smtp()
    server.inject(MailFault("drop", "data"))
    with pytest.raises(Unanswered):
        mail.send(parcel())

    (outcome,) = mail.send(parcel())

    assert outcome.state == "accepted"
    assert server.connections == 2


def test_a_connection_that_the_server_closed_is_not_used_again(smtp, server, parcel):
    with MailSandbox() as first:
        mail = smtp(port=first.port, ca_file=first.authority)
        mail.send(parcel())
        with mail._exchange.session() as idle:
            pass

    assert idle.stale
    with pytest.raises(Unavailable, match="cannot be reached"):
        mail.send(parcel())


def test_threads_have_a_connection_each(smtp, server, parcel):
    mail = smtp()
    server.inject(MailFault("slow", "data", seconds=0.2), times=None)

    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: mail.send(parcel())[0].state, range(8)))

    assert states == ["accepted"] * 8
    assert server.connections <= 4


def test_nothing_is_sent_once_the_run_stops(smtp, server, parcel):
    mail = smtp()
    mail.ctx.stop.stopped = True

    with pytest.raises(Stopped):
        mail.send(parcel())

    assert (server.received, server.connections) == ([], 0)


def test_a_server_that_nobody_vouches_for_gets_nothing(smtp, server, parcel):
    with pytest.raises(AuthError, match="certificate is not trusted"):
        smtp(ca_file=None).send(parcel())

    assert server.received == []


def test_a_file_of_certificates_that_is_not_there(smtp, server, parcel, tmp_path):
    mail = smtp(ca_file=tmp_path / "nothing.pem")

    with pytest.raises(ConfigError, match="ca_file"):
        mail.send(parcel())
    assert any(each.level == "problem" for each in mail.check())


def test_a_server_of_another_name_gets_nothing(smtp, server, parcel):
    with pytest.raises(AuthError, match="certificate is not trusted"):
        smtp(host="127.1").send(parcel())


def test_a_server_without_starttls_gets_nothing(smtp, parcel):
    with (
        MailSandbox(security="none") as bare,
        pytest.raises(AuthError, match="offers no STARTTLS"),
    ):
        smtp(port=bare.port).send(parcel())

    assert bare.received == []


def test_tls_from_the_first_byte(smtp, parcel):
    with MailSandbox(security="tls") as server:
        mail = smtp(port=server.port, ca_file=server.authority, security="tls")
        (outcome,) = mail.send(parcel())
        mail.close()

    assert outcome.state == "accepted"


def test_a_login_that_is_right(smtp, parcel):
    with MailSandbox(login=True) as server:
        login = {"username": USERNAME, "password": PASSWORD}
        mail = smtp(port=server.port, ca_file=server.authority, **login)
        (outcome,) = mail.send(parcel())
        mail.close()

    assert outcome.state == "accepted"


def test_a_login_that_is_wrong(smtp, parcel):
    with MailSandbox(login=True) as server:
        login = {"username": USERNAME, "password": "wrong-and-secret"}
        mail = smtp(port=server.port, ca_file=server.authority, **login)
        with pytest.raises(AuthError) as caught:
            mail.send(parcel())

    assert "wrong-and-secret" not in f"{caught.value!r}{caught.value}"


def test_a_server_that_is_not_there(smtp, server, parcel):
    with pytest.raises(Unavailable, match="cannot be reached"):
        smtp(port=1).send(parcel())


def test_an_address_that_is_none_is_refused_without_a_word_to_the_server(smtp, server, parcel):
    (outcome,) = smtp().send(parcel("nobody"))

    assert outcome.state == "refused"
    assert server.connections == 0


def test_an_international_address(smtp, server, parcel):
    (outcome,) = smtp().send(parcel("太郎@例え.jp"))

    assert outcome.state == "accepted"
    assert server.received[0].recipients == ("太郎@xn--r8jz45g.jp",)


def test_an_international_domain_needs_no_smtputf8(smtp, parcel):
    with MailSandbox(smtputf8=False) as server:
        mail = smtp(port=server.port, ca_file=server.authority)
        states = [mail.send(parcel(each))[0].state for each in ("taro@例え.jp", "太郎@例え.jp")]
        mail.close()

    assert states == ["accepted", "refused"]


def test_an_old_carrier_address_goes_out_in_quotes(smtp, server, parcel):
    (outcome,) = smtp().send(parcel("a..b.@docomo.ne.jp"))

    assert outcome.state == "accepted"
    assert b'To: "a..b."@docomo.ne.jp\r\n' in server.received[0].content


def test_lines_that_begin_with_a_dot_arrive_as_they_were(smtp, server, parcel):
    smtp().send(parcel(content={"text": ".one\n..two\n.\nend"}))

    assert server.received[0].text.splitlines()[:4] == [".one", "..two", ".", "end"]


def test_it_knows_no_keys_and_sends_to_one_person_at_a_time(smtp):
    assert smtp().key_lifetime is None
    assert smtp().most_addresses == 1
    assert smtp().proves == "accepted"
