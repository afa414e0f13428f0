"""Sending: one call, one key, and what LINE's answers mean."""

import random
from datetime import timedelta

import pytest
from tokui.errors import (
    AuthError,
    FatalError,
    QuotaExceeded,
    RateLimited,
    RetryableError,
    Unanswered,
)
from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.line import FAULTS

HANA, TARO = f"U{'a' * 32}", f"U{'b' * 32}"
KEY = "123e4567-e89b-42d3-a456-426614174000"


def test_one_person_is_pushed_to_under_the_parcels_key(line, account, parcel):
    (outcome,) = account.send(parcel("お誕生日おめでとうございます"))

    (sent,) = line.received
    assert (sent.key, sent.to) == (KEY, (HANA,))
    assert sent.messages == [{"type": "text", "text": "お誕生日おめでとうございます"}]
    assert (outcome.address, outcome.state, outcome.provider_id) == (HANA, "accepted", sent.id)


def test_many_persons_are_one_multicast(line, account, parcel):
    outcomes = account.send(parcel(to=(HANA, TARO)))

    assert [call.path for call in line.calls] == ["/v2/bot/message/multicast"]
    assert [(each.address, each.state) for each in outcomes] == [
        (HANA, "accepted"),
        (TARO, "accepted"),
    ]


def test_the_same_key_again_is_accepted_and_sent_once(line, account, parcel):
    account.send(parcel())

    (again,) = account.send(parcel())

    assert again.state == "accepted"
    assert [call.status for call in line.calls] == [200, 409]
    assert len(line.received) == 1


def test_a_malformed_address_is_refused_and_spoils_nothing(line, account, parcel):
    outcomes = account.send(parcel(to=("hana@example.jp", HANA)))

    assert [each.state for each in outcomes] == ["refused", "accepted"]
    assert outcomes[0].suppress
    assert line.received[0].to == (HANA,)


def test_a_parcel_without_a_good_address_makes_no_call(line, account, parcel):
    (outcome,) = account.send(parcel(to=("Uhana",)))

    assert outcome.state == "refused"
    assert line.calls == []


def test_a_silent_message_says_so(line, account, parcel):
    account.send(parcel(text="静かに", silent=True))

    assert line.received[0].silent


@pytest.mark.parametrize("fault", ["error", "silent", "reset", "garbage"])
def test_what_may_have_been_sent_is_unanswered_and_tried_once(line, account, fault, parcel):
    line.inject(fault)

    with pytest.raises(Unanswered):
        account.send(parcel())

    assert len(line.calls) == 1


@pytest.mark.parametrize("fault", ["error_after", "silent_after", "reset_after", "garbage_after"])
def test_an_answer_that_was_lost_costs_no_second_message(line, account, fault, parcel):
    line.inject(fault)
    with pytest.raises(Unanswered):
        account.send(parcel())

    (outcome,) = account.send(parcel())

    assert outcome.state == "accepted"
    assert len(line.received) == 1


@pytest.mark.parametrize("seed", range(3))
def test_in_any_weather_every_message_comes_exactly_once(line, account, parcel, seed):
    weather = random.Random(seed)
    quick = [fault for fault in FAULTS if "silent" not in fault]
    line.follow(weather.choice([None, *quick]) for _ in range(200))

    for number in range(40):
        ready = parcel(key=f"00000000-0000-4000-8000-{number:012}")
        while not sent(account, ready):
            pass

    assert len(line.received) == len({each.key for each in line.received}) == 40


def sent(account, ready) -> bool:
    try:
        (outcome,) = account.send(ready)
    except (RetryableError, AuthError):
        return False
    return outcome.state == "accepted"


def test_the_rate_limit_is_told_from_the_months_messages(line, account, parcel):
    line.follow(["rate", "quota"])

    with pytest.raises(RateLimited) as rate:
        account.send(parcel())
    with pytest.raises(QuotaExceeded) as quota:
        account.send(parcel())

    assert not isinstance(rate.value, QuotaExceeded)
    assert quota.value.retry_after_s == 3600
    assert line.received == []


def test_the_months_messages_are_looked_at_again_at_the_turn_of_the_month(
    line, account, clock, parcel
):
    clock.at = clock.at.replace(month=10, day=31, hour=14, minute=50)  # 23:50 in Japan
    line.inject("quota")

    with pytest.raises(QuotaExceeded) as error:
        account.send(parcel())

    assert error.value.retry_after_s == 600


def test_a_rate_limit_that_says_when_is_obeyed(line, connect, parcel):
    with FaultProxy(line.url) as proxy:
        proxy.inject(Fault("limited", retry_after_s=7))

        with pytest.raises(RateLimited) as error:
            connect(base_url=proxy.url).send(parcel())

    assert error.value.retry_after_s == 7


def test_a_revoked_token_is_an_auth_error(line, account, parcel):
    line.inject("revoked")

    with pytest.raises(AuthError, match="refuses the channel access token"):
        account.send(parcel())


def test_a_refusal_names_the_field_and_quotes_nobody(line, connect, parcel):
    said = (
        '{"message": "The request body has 1 error(s)", "details": ['
        '{"message": "May not be empty", "property": "messages[0].text"},'
        '{"message": "はな is not allowed", "property": "はな"}]}'
    )
    with FaultProxy(line.url) as proxy:
        proxy.inject(Fault("answer", says=said, status=400))

        with pytest.raises(FatalError) as error:
            connect(base_url=proxy.url).send(parcel())

    assert "messages[0].text: May not be empty" in str(error.value)
    assert "はな" not in str(error.value)


def test_somebody_unknown_is_a_fatal_error(account, parcel):
    with pytest.raises(FatalError, match="Failed to send messages"):
        account.send(parcel(to=(f"U{'c' * 32}",)))


def test_who_blocks_the_account_is_accepted_all_the_same(line, account, parcel):
    line.account.blocked.add(HANA)

    (outcome,) = account.send(parcel())

    assert outcome.state == "accepted"
    assert account.proves == "accepted"


def test_the_messages_left_are_counted_over_the_month_in_japan(line, account, clock, parcel):
    line.account.limit = 3
    account.send(parcel(to=(HANA, TARO)))

    quota = account.quota()

    assert (quota.limit, quota.used, quota.left) == (3, 2, 1)
    assert quota.until is not None
    assert quota.until - clock.at < timedelta(days=31)
    assert quota.until.isoformat() == "2026-10-31T15:00:00+00:00"


def test_an_account_without_a_limit_says_so(account):
    assert account.quota().left is None


def test_no_more_calls_leave_in_a_second_than_line_allows(account, parcel):
    for number in range(201):
        account.send(parcel(to=(HANA, TARO), key=f"00000000-0000-4000-8000-{number:012}"))

    assert account.ctx.stop.waits == [(1.0, "LINE's rate limit")]


@pytest.mark.parametrize("fault", ["error", "quota", "revoked", "garbage", "reset"])
def test_no_person_shows_in_errors_or_logs(line, account, fault, caplog, parcel):
    caplog.set_level("DEBUG")
    line.inject(fault)

    with pytest.raises(Exception, match=r"LINE|answer|month") as error:
        account.send(parcel("はな様"))
    list(account.fetch("followers", [HANA, f"U{'d' * 32}"]))

    heard = caplog.text + str(error.value) + repr(error.value)
    assert not any(secret in heard for secret in (HANA, "はな", f"U{'d' * 32}", line.token))
