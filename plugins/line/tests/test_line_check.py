"""What `tokui doctor` hears of a LINE connection."""

import pytest


def said(account):
    return {found.what: found.level for found in account.check()}


def test_all_is_well(line, account):
    line.account.limit = 200

    assert set(said(account).values()) == {"ok"}
    assert "200 of this month's 200 messages are left" in said(account)


def test_a_refused_token_is_a_problem(connect):
    (found,) = connect(access_token="wrong").check()

    assert found.level == "problem"
    assert found.todo


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda it: setattr(it, "limit", 0), "0 of this month's 0 messages are left"),
        (lambda it: setattr(it, "verified", False), "only verified and premium accounts"),
        (lambda it: setattr(it, "endpoint", None), "no webhook address is set"),
        (lambda it: setattr(it, "active", False), "webhooks are switched off"),
    ],
)
def test_what_works_in_part_only_is_a_warning(line, account, change, what):
    change(line.account)

    (warning,) = (found for found in account.check() if found.level == "warning")
    assert what in warning.what
    assert warning.todo


def test_a_missing_channel_secret_is_a_warning(connect):
    found = said(connect(channel_secret=None))

    assert found["webhooks cannot be checked, as channel_secret is not set"] == "warning"


def test_a_month_that_is_nearly_used_up_is_a_warning(line, account):
    line.account.limit, line.account.used = 100, 91

    assert said(account)["9 of this month's 100 messages are left"] == "warning"
