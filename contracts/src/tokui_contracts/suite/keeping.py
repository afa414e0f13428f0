"""Checks of a ledger: every key once, nobody gets or keeps what is not theirs, and it all adds up."""

import random
from typing import Any, ClassVar

import pytest
from tokui.connector import Posted, Transfer
from tokui.errors import NotEnough, PolicyRefusal, TokuiError

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.purse import Answer, PurseRig
from tokui_contracts.suite.rigged import Rigged


class KeepingChecks(Frame[PurseRig]):
    """Points are earned, spent and taken back; once each, and exactly."""

    rigged: ClassVar[type[Rigged[Any]]] = PurseRig

    def test_one_who_never_earned_has_nothing(self, rig: PurseRig) -> None:
        """
        A balance of nothing, and an empty history; no error.

        How to fix: a member whom the service does not know yet has 0 points.
        """
        balance = rig.balance()
        assert (balance.points, balance.pending, balance.held, balance.owed) == (0, 0, 0, 0)
        assert balance.as_of.tzinfo is not None, "`as_of` has no zone"
        assert not rig.ledger().history(rig.member())

    def test_what_is_earned_is_there_and_can_be_spent(self, rig: PurseRig) -> None:
        """
        Each answer says what the transfer moved, and what the member has after it.

        How to fix: `Posted.points` has a sign; `after` is the member's points, those pending included.
        """
        earned, spent = rig.posted(rig.earn("e", 100), rig.redeem("r", 30))
        assert earned == Posted("e", 100, 100)
        assert spent == Posted("r", -30, 70)
        assert rig.balance().points == 70

    def test_members_do_not_meet(self, rig: PurseRig) -> None:
        """
        What one member does changes nothing of another's; nobody takes back what is another's.

        How to fix: look transfers up within the member.
        """
        rig.posted(rig.earn("a", 100), rig.earn("b", 10, 1))
        assert isinstance(rig.post(rig.redeem("c", 11, 1)), NotEnough)
        assert isinstance(rig.post(rig.reverse("d", "a", 5, 1)), PolicyRefusal)
        assert (rig.net(0), rig.net(1)) == (100, 10)

    @pytest.mark.parametrize("kind", ["earn", "redeem", "reverse"])
    def test_a_key_moves_points_once(self, rig: PurseRig, kind: str) -> None:
        """
        The same transfer again has no second effect, and the same answer.

        How to fix: send `transfer.key` as the service's idempotency key or reference; where it takes
        a reference twice, look for it before.
        """
        rig.posted(rig.earn("e", 100), rig.redeem("r", 40))
        asks: dict[str, Transfer] = {
            "earn": rig.earn("again", 7),
            "redeem": rig.redeem("again", 7),
            "reverse": rig.reverse("again", "e", 7),
        }
        ask = asks[kind]
        first, second = rig.posted(ask, ask)
        rig.posted(rig.earn("later", 1))
        third = rig.post(ask)
        assert first == second == third, "two answers for one key"
        assert rig.net() == 60 + first.points + 1

    def test_a_key_for_something_else_is_refused(self, rig: PurseRig) -> None:
        """
        A key that was used with another body is a `PolicyRefusal`, and moves nothing.

        How to fix: compare what stands under the key with what is asked.
        """
        rig.posted(rig.earn("e", 100))
        for other in (rig.earn("e", 101), rig.redeem("e", 100)):
            assert isinstance(rig.post(other), PolicyRefusal), "one key for two transfers"
        assert rig.net() == 100

    def test_a_key_of_another_member_is_refused(self, rig: PurseRig) -> None:
        """
        A key that was used for another member is a `PolicyRefusal`, and moves nothing.

        How to fix: look for the key among all members; where a service finds it among one member's
        only, say so by an xfail: the core remembers what it asked for, and refuses it before the call.
        """
        rig.posted(rig.earn("e", 100))
        assert isinstance(rig.post(rig.earn("e", 100, 1)), PolicyRefusal), "one key for two members"
        assert (rig.net(0), rig.net(1)) == (100, 0)

    def test_points_are_whole_and_above_nothing(self, rig: PurseRig) -> None:
        """
        0, less, and fractions are a `PolicyRefusal` before any call.

        How to fix: look at `type(points) is int and points > 0` first.
        """
        before = rig.sandbox.requests()
        for points in (0, -5, 1.5, True):
            asked: list[Transfer] = [rig.earn("e", points), rig.redeem("r", points)]
            for ask in asked:
                assert isinstance(rig.post(ask), PolicyRefusal), f"{points!r} points were taken"
        assert rig.sandbox.requests() == before

    def test_nobody_spends_what_is_not_there(self, rig: PurseRig) -> None:
        """
        A redemption of more than there is is `NotEnough`, whole, and its key stays free.

        How to fix: the service must refuse it itself; never look at the balance and then spend.
        """
        rig.posted(rig.earn("e", 100))
        assert isinstance(rig.post(rig.redeem("r", 101)), NotEnough)
        assert rig.net() == 100
        rig.posted(rig.earn("e2", 1), rig.redeem("r", 101))
        assert rig.net() == 0

    def test_many_at_once_get_no_more_than_there_is(self, rig: PurseRig) -> None:
        """
        Of forty redemptions at once of 7 points each, 100 points grant fourteen.

        How to fix: as above: one call that the service carries out whole or not at all.
        """
        rig.posted(rig.earn("e", 100))
        answers = rig.at_once([rig.redeem(f"r{n}", 7) for n in range(40)])
        granted = [each for each in answers if isinstance(each, Posted)]
        others = [each for each in answers if isinstance(each, TokuiError)]
        assert len(granted) == 14, f"{len(granted)} were granted"
        assert all(isinstance(each, NotEnough) for each in others), f"{others!r}"
        assert rig.net() == 2

    def test_a_partial_return_is_exact(self, rig: PurseRig) -> None:
        """
        A part of one earning goes, and no more than all of it, in whatever parts.

        How to fix: count what was taken back of `of` before; nothing of it left is a `PolicyRefusal`.
        """
        rig.posted(rig.earn("a", 100), rig.earn("b", 50), rig.reverse("c", "a", 33))
        assert rig.net() == 117
        assert isinstance(rig.post(rig.reverse("d", "a", 68)), PolicyRefusal)
        (rest,) = rig.posted(rig.reverse("d", "a"))
        assert rest.points == -67
        assert isinstance(rig.post(rig.reverse("f", "a", 1)), PolicyRefusal)
        assert isinstance(rig.post(rig.reverse("g", "nothing")), PolicyRefusal)
        assert rig.net() == 50

    def test_nobody_is_refunded_and_keeps_the_points(self, rig: PurseRig) -> None:
        """
        Points of goods that came back are gone, or owed; points spent on them come back once.

        How to fix: let the member owe what is not there any more, or refuse it with `NotEnough`.
        """
        rig.posted(rig.earn("bought", 100), rig.redeem("spent", 80))
        returned = rig.post(rig.reverse("back", "bought"))
        assert isinstance(returned, Posted | NotEnough), f"a return became {returned!r}"
        kept = 20 if isinstance(returned, NotEnough) else -80
        assert rig.net() == kept
        rig.posted(rig.reverse("unspent", "spent", 30))
        assert rig.net() == kept + 30
        rig.posted(rig.reverse("unspent again", "spent"))
        assert isinstance(rig.post(rig.reverse("once more", "spent")), PolicyRefusal)
        rig.posted(rig.earn("next", 100))
        assert rig.net() == kept + 180

    def test_any_order_of_delivery_ends_at_the_same_balance(self, rig: PurseRig) -> None:
        """
        Delivered in any order, some twice, what is refused again later: the sums are the same.

        How to fix: an answer must not depend on what came before, but for its own key and `of`.
        """
        for seed in range(4):
            rng = random.Random(seed)
            waiting = _day(rig, seed)
            waiting += rng.sample(waiting, 4)
            for _ in range(12):
                rng.shuffle(waiting)
                waiting = [each for each in waiting if _refused(rig.post(each))]
            assert not waiting, f"never taken: {waiting}"
            assert rig.net(seed) == 331

    def test_the_history_explains_the_balance(self, rig: PurseRig) -> None:
        """
        Every transfer is in it, the newest first, and together they are the balance.

        How to fix: page through the service's list up to `limit`; keep its references as keys.
        """
        rig.posted(rig.earn("a", 100), rig.redeem("b", 30), rig.reverse("c", "a", 20))
        told = rig.ledger().history(rig.member())
        assert [(each.key, each.points) for each in told] == [("c", -20), ("b", -30), ("a", 100)]
        assert all(each.at.tzinfo for each in told), "a time without a zone"
        assert rig.ledger().history(rig.member(), 2) == told[:2]

    def test_a_hold_sets_points_aside_and_ends_once(self, rig: PurseRig) -> None:
        """
        Nobody spends what is held; it is captured or released once, what is left of it comes back.

        How to fix: leave `holds` False where the service has no such thing.
        """
        if not rig.holds:
            pytest.skip("the service has no holds")
        rig.posted(rig.earn("e", 100), rig.hold("h", 60))
        assert isinstance(rig.post(rig.redeem("r", 41)), NotEnough)
        assert (rig.balance().points, rig.balance().held) == (40, 60)
        rig.posted(rig.capture("c", "h", 45))
        for again in (rig.capture("c2", "h", 1), rig.void("v2", "h")):
            assert isinstance(rig.post(again), PolicyRefusal), "a hold ended twice"
        assert rig.net() == 55
        rig.posted(rig.hold("h2", 55), rig.void("v", "h2"), rig.redeem("r", 41))
        assert rig.balance().points == 14

    def test_all_that_a_member_has_goes_to_another_and_back(self, rig: PurseRig) -> None:
        """
        Once, whole, and with what was earned before: it is taken back from the other then.

        How to fix: leave `moves` False where the service cannot join two members.
        """
        if not rig.moves:
            pytest.skip("the service cannot move a member's points")
        rig.posted(rig.earn("a", 100), rig.earn("b", 10, 1))
        first, second = rig.posted(rig.move("m"), rig.move("m"))
        assert first == second == Posted("m", -100, 0)
        assert (rig.net(0), rig.net(1)) == (0, 110)
        assert isinstance(rig.post(rig.reverse("c", "a", 40)), PolicyRefusal)
        rig.posted(rig.reverse("c", "a", 40, 1), rig.reverse("back", "m", None, 1))
        assert (rig.net(0), rig.net(1)) == (60, 10)
        assert isinstance(rig.post(rig.reverse("again", "m", None, 1)), PolicyRefusal)


def _day(rig: PurseRig, number: int) -> list[Transfer]:
    """Transfers of one member that are all taken in some order; 331 points in the end."""
    key = f"{number}:"
    earned: list[Transfer] = [rig.earn(f"{key}e{n}", 100, number) for n in range(4)]
    spent: list[Transfer] = [rig.redeem(f"{key}r{n}", 25, number) for n in range(2)]
    taken = rig.reverse(f"{key}b0", f"{key}e0", 33, number)
    back = [
        rig.reverse(f"{key}b1", f"{key}r0", 10, number),
        rig.reverse(f"{key}b2", f"{key}r0", 4, number),
    ]
    return [*earned, *spent, taken, *back]


def _refused(answer: Answer) -> bool:
    assert isinstance(answer, Posted | PolicyRefusal), f"{answer!r}"
    return isinstance(answer, PolicyRefusal)
