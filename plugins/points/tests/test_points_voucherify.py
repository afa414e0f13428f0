"""What the connector makes of Voucherify: late listings, two at one moment, hostile answers."""

from datetime import UTC, datetime

import pytest
from tokui.connector import Earn, Expiring, Hold, Member, Posted, Redeem, Reverse
from tokui.errors import ConfigError, PolicyRefusal, QuotaExceeded, Unanswered, Unavailable
from tokui_contracts.faults import Fault
from tokui_contracts.suite.purse import PurseRig
from tokui_contracts.suite.watch import watching
from tokui_contracts.voucherify.vendor import VoucherifyVendor
from tokui_points.voucherify.connector import Voucherify

NEW_YEAR = datetime(2026, 12, 31, 15, tzinfo=UTC)


@pytest.fixture
def rig(tmp_path):
    with PurseRig.on(Voucherify, VoucherifyVendor, tmp_path) as rig:
        yield rig


def cards(rig):
    return rig.sandbox._vendor.cards


def code(rig):
    return rig.member().member_no


def test_a_change_that_is_listed_late_is_waited_for(rig):
    rig.posted(rig.earn("a", 5))
    cards(rig).meanwhile = lambda: setattr(cards(rig), "lag", 2)

    assert rig.posted(rig.earn("b", 10)) == [Posted("b", 10, 15)]
    assert [seconds for seconds, _ in rig.waits.waits] == [1, 2]


def test_a_change_that_is_not_listed_is_doubtful_and_found_by_asking_again(rig):
    rig.posted(rig.earn("a", 5))
    cards(rig).meanwhile = lambda: setattr(cards(rig), "lag", 4)

    assert isinstance(rig.post(rig.earn("b", 10)), Unanswered)
    assert rig.posted(rig.earn("b", 10)) == [Posted("b", 10, 15)]
    assert rig.net() == 15


def test_of_two_calls_of_one_moment_the_later_takes_its_own_back(rig):
    ask = rig.earn("e", 10)
    cards(rig).meanwhile = lambda: rig.connect(seed=1).post(ask)

    assert rig.posted(ask, ask) == [Posted("e", 10, 10)] * 2
    assert rig.net() == 10
    told = rig.ledger().history(rig.member())
    assert [(each.kind, each.points) for each in told] == [
        ("undo", -10),
        ("earn", 10),
        ("earn", 10),
    ]


def test_of_two_returns_of_one_moment_the_second_is_refused(rig):
    rig.posted(rig.earn("sale", 100))
    one, other = rig.reverse("r1", "sale", 60), rig.reverse("r2", "sale", 60)
    cards(rig).meanwhile = lambda: rig.connect(seed=1).post(other)

    assert isinstance(rig.post(one), PolicyRefusal)
    assert rig.net() == 40


def test_a_server_error_leaves_a_doubt(rig):
    rig.sandbox.inject(Fault("broken", status=502), after=1, times=1)

    assert isinstance(rig.post(rig.earn("e", 10)), Unanswered)


def test_only_what_was_posted_here_can_be_taken_back(rig):
    cards(rig).change(code(rig), {"points": 70, "source_id": "till-1"})
    cards(rig).happens(code(rig), "POINTS_ACCRUAL", 30)

    told = rig.ledger().history(rig.member())
    assert [(each.key, each.kind, each.points) for each in told] == [
        (None, "earn", 30),
        ("till-1", "points_addition", 70),
    ]
    for ask in (rig.reverse("back", "till-1"), rig.earn("till-1", 70)):
        assert isinstance(rig.post(ask), PolicyRefusal)


def test_the_balance_says_what_is_pending_and_what_ends_next(rig):
    cards(rig).change(code(rig), {"points": 70})
    cards(rig).pending[code(rig)] = 5
    cards(rig).ends[code(rig)] = ("2027-01-01", 30)

    told = rig.balance()
    assert (told.points, told.pending) == (70, 5)
    assert told.expiring == (Expiring(30, NEW_YEAR),)


def test_a_long_history_is_read_page_by_page(rig):
    for _ in range(205):
        cards(rig).change(code(rig), {"points": 1})
    rig.posted(rig.earn("e", 10))

    assert rig.posted(rig.earn("e", 10)) == [Posted("e", 10, 215)]
    assert len(rig.ledger().history(rig.member(), 150)) == 150
    assert len(rig.ledger().history(rig.member(), 500)) == 206


def test_an_unknown_card_has_nothing_and_gets_nothing(rig):
    nobody = Member("club", "99900001")

    assert rig.ledger().balance(nobody).points == 0
    assert isinstance(rig.post(Earn("e", nobody, 5, "")), PolicyRefusal)
    for number in ("", ".", ".."):
        assert isinstance(rig.post(Redeem("r", Member("club", number), 5, "")), PolicyRefusal)


def test_what_it_cannot_do_is_refused_before_any_call(rig):
    later = Earn("e", rig.member(), 5, "", active_at=NEW_YEAR)
    for ask in (Hold("h", rig.member(), 5, "", NEW_YEAR), later):
        assert isinstance(rig.post(ask), PolicyRefusal)
    assert rig.calls() == 0


@pytest.mark.parametrize("key", ["a b", "a of b", "日本/1", "x" * 200, "e%20f"])
def test_any_key_comes_back_as_it_was(rig, key):
    rig.posted(rig.earn(key, 5), Reverse(f"{key} back", rig.member(), key, ""))

    told = rig.ledger().history(rig.member())
    assert [each.key for each in told] == [f"{key} back", key]
    assert isinstance(rig.post(rig.reverse("again", key)), PolicyRefusal)


@pytest.mark.parametrize(
    "says",
    [
        "[]",
        '{"data": [{"id": 1}]}',
        '{"data": {}}',
        '{"loyalty_card": {"balance": "7"}}',
        '{"loyalty_card": {"balance": 7, "next_expiration_date": "0001-01-01"}}',
        '{"loyalty_card": {"balance": 99999999999999999999}}',
    ],
)
def test_an_answer_that_makes_no_sense_is_no_answer(rig, says):
    rig.sandbox.inject(Fault("answer", says=says), times=None)

    for ask in (rig.balance, lambda: rig.ledger().history(rig.member())):
        with pytest.raises(Unavailable):
            ask()


def test_a_listing_without_an_end_ends(rig):
    for _ in range(101):
        cards(rig).change(code(rig), {"points": 1})
    rig.sandbox.inject(Fault("repeat"), times=None)

    assert isinstance(rig.post(rig.earn("f", 10)), Unavailable)


def test_no_code_of_a_card_is_in_a_log_or_an_error(rig):
    with watching() as watch:
        rig.posted(rig.earn("e", 10))
        for kind in ("broken", "midway", "reset", "refused"):
            with rig.broken(kind):
                watch.error(kind, rig.post(rig.earn(kind, 1)))
        rig.balance()

    assert any("/members/…" in text for _, text in watch.heard)
    assert watch.leaks([code(rig)]) == []


def test_a_wrong_campaign_is_no_reason_to_say_that_nobody_has_points(rig):
    other = rig.connect(settings={**rig.sandbox.settings(), "campaign": "camp_other"})
    for ask in (lambda: other.balance(rig.member()), lambda: other.post(rig.earn("e", 5))):
        with pytest.raises(ConfigError, match="no such loyalty campaign"):
            ask()


def test_a_plan_that_is_used_up_is_an_allowance_and_moves_nothing(rig):
    for after in (0, 1):
        rig.sandbox.inject(Fault("broken", status=402), after=after)
        assert isinstance(rig.post(rig.earn("e", 5)), QuotaExceeded)
    assert rig.net() == 0


def test_the_check_finds_a_wrong_campaign_and_a_wrong_key(rig):
    assert [each.level for each in rig.connect().check()][:1] == ["ok"]
    other = {**rig.sandbox.settings(), "campaign": "camp_other"}
    for wrong in (other, rig.sandbox.wrong_settings()):
        assert [each.level for each in rig.connect(settings=wrong).check()] == ["problem"]
