"""Two members, a till and a clock: every step is done by the books and by the model."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import sqlalchemy as sa
from books_model import Refused
from books_moved import Moved
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from tokui.connector import Capture, Earn, Hold, Member, Move, Redeem, Reverse, Void
from tokui.errors import PolicyRefusal
from tokui.identity import undo
from tokui.store.books import balances, check
from tokui.store.tables import (
    AccountRow,
    ChangeRow,
    DecisionRow,
    EntryRow,
    LotRow,
    MoveRow,
    TransferRow,
)
from tokui_contracts.context import NOON

WHO = st.sampled_from("12")
POINTS = st.integers(1, 60)
FEW = st.integers(1, 20)
SOME = st.one_of(st.none(), FEW)
WHICH = st.integers(0, 40)
BEGINNINGS = st.sampled_from([None, None, 5, 30])
ENDS = st.sampled_from([None, 40, 40, 90, -1])
NEVER = float("inf")
EMPTIED = (EntryRow, LotRow, TransferRow, AccountRow, ChangeRow, MoveRow, DecisionRow)


class World:
    """What a machine works on; the same for all examples."""

    books = store = None
    people: tuple[int, int]
    seen: ClassVar[Counter[str]] = Counter()
    now = NOON


class Till(RuleBasedStateMachine):
    """The books beside the model."""

    def __init__(self):
        super().__init__()
        World.now = NOON
        with World.store.write(durable=False) as tx:
            for table in EMPTIED:
                tx.connection.execute(sa.delete(table))
        one = {"earned": {}, "spent": {}, "whose": {}}
        self.purses = {who: Moved(**one) for who in "12"}
        self.asked, self.merged = [], None
        self.moves = {}

    @property
    def now(self):
        return int((World.now - NOON).total_seconds() // 60)

    def at(self, minutes):
        return None if minutes is None else World.now + timedelta(minutes=minutes)

    def do(self, ask, model):
        """Both do it, or both refuse it."""
        for each in self.purses.values():
            each.settle(self.now)
        purse = self.purses[ask.member.member_no]
        before = sum(lot.left for lot in purse.lots)
        try:
            model(purse)
        except Refused:
            World.seen[f"{type(ask).__name__} refused"] += 1
            with_refusal(ask)
            return
        World.seen[type(ask).__name__] += 1
        posted = World.books.post(ask)
        after = sum(lot.left for lot in purse.lots)
        assert (posted.points, posted.after) == (after - before, after)
        self.asked.append((ask, posted))

    def key(self):
        return f"k{len(self.asked)}"

    def of(self, which, *kinds):
        """One of the last transfers of these kinds: its key, and whose it is."""
        found = [ask for ask, _ in self.asked if isinstance(ask, kinds)][-6:]
        ask = found[which % len(found)] if found else None
        return (ask.key, ask.member) if ask else ("nothing", Member("club", "1"))

    @rule(who=WHO, points=POINTS, active=BEGINNINGS, end=ENDS)
    def earn(self, who, points, active, end):
        active = None if end == -1 else active
        key, start = self.key(), self.now + (active or 0)
        ask = Earn(key, Member("club", who), points, "jeans", self.at(active), self.at(end))
        last = NEVER if end is None else self.now + end
        self.do(ask, lambda purse: purse.earn(key, points, start, last))

    @initialize(first=POINTS, second=POINTS, end=ENDS)
    def begin(self, first, second, end):
        self.earn("1", first, None, end)
        self.earn("1", second, 5, 90)
        self.earn("2", second, None, None)

    @rule(who=WHO, points=FEW)
    def redeem(self, who, points):
        key, now = self.key(), self.now
        ask = Redeem(key, Member("club", who), points, "till")
        self.do(ask, lambda purse: purse.pay_out(key, purse.spend(points, now)))

    @rule(who=WHO, points=FEW, minutes=st.integers(1, 60))
    def hold(self, who, points, minutes):
        key, now = self.key(), self.now
        ask = Hold(key, Member("club", who), points, "basket", self.at(minutes))
        self.do(
            ask, lambda purse: purse.held.update({key: (now + minutes, purse.spend(points, now))})
        )

    def hold_of(self, which):
        """Mostly one that is open."""
        held = [(key, Member("club", who)) for who in "12" for key in self.purses[who].held]
        return held[which % len(held)] if held and which < 32 else self.of(which, Hold)

    @rule(which=WHICH, points=SOME)
    def capture(self, which, points):
        now, key, (of, member) = self.now, self.key(), self.hold_of(which)

        def model(purse):
            held = purse.held.get(of, (0, []))[1]
            gone = purse.end_hold(of, len(held) if points is None else points, now)
            purse.pay_out(key, gone, held)

        self.do(Capture(key, member, of, "paid", points), model)

    @rule(which=WHICH)
    def void(self, which):
        now, (of, member) = self.now, self.hold_of(which)
        self.do(Void(self.key(), member, of, "left"), lambda purse: purse.end_hold(of, 0, now))

    @rule(which=WHICH, points=SOME, refuse=st.booleans())
    def reverse(self, which, points, refuse):
        now, (of, member) = self.now, self.of(which, Earn, Redeem, Capture)
        how = "refuse" if refuse else "debt"
        ask = Reverse(self.key(), member, of, "return", points, how)
        self.do(ask, lambda purse: purse.reverse(of, points, now, refuse))

    @rule(which=WHICH, who=WHO)
    def reverse_what_may_be_another_s(self, which, who):
        now, (of, _) = self.now, self.of(which, Earn, Redeem, Hold, Void, Reverse)
        ask = Reverse(self.key(), Member("club", who), of, "return")
        self.do(ask, lambda purse: purse.reverse(of, None, now, False))

    @precondition(lambda self: len(self.asked) % 4 == 3)
    @rule(who=WHO)
    def move(self, who):
        key, to = self.key(), "21"[int(who) - 1]
        ask = Move(key, Member("club", who), to, "one card")
        self.do(ask, lambda purse: self.moves.update({key: (who, to, purse.move(self.purses[to]))}))

    @precondition(lambda self: self.moves)
    @rule(which=WHICH)
    def move_back(self, which):
        of = [*self.moves][which % len(self.moves)]
        (who, to, what), now = self.moves[of], self.now
        ask = Reverse(self.key(), Member("club", to), of, "two cards")

        def model(purse):
            if what is None:
                raise Refused
            purse.part(self.purses[who], *what, now)
            self.moves[of] = (who, to, None)
            World.seen["moved back"] += 1

        self.do(ask, model)

    @precondition(lambda self: self.asked)
    @rule(which=WHICH)
    def retry(self, which):
        ask, answer = self.asked[which % len(self.asked)]
        assert World.books.post(ask) == answer
        with_refusal(replace(ask, reason="something else"))

    @rule(minutes=st.integers(1, 30))
    def pass_time(self, minutes):
        World.now += timedelta(minutes=minutes)

    @rule()
    def settle(self):
        World.books.settle()

    @precondition(lambda self: len(self.asked) % 6 == 5)
    @rule()
    def merge_or_unmerge(self):
        with World.store.write(durable=False) as tx:
            World.seen["merged or unmerged"] += 1
            if self.merged:
                undo.revert(tx, self.merged, "staff:Mori")
                self.merged = None
            else:
                self.merged = undo.merge(tx, *World.people, "staff:Mori").decision_id

    @invariant()
    def they_agree_and_the_books_add_up(self):
        count = sa.select(sa.func.count()).where(TransferRow.body != "")
        with World.store.read() as tx:
            assert check.faults(tx) == []
            assert tx.connection.execute(count).scalar() == len(self.asked)
            told = balances(tx, [Member("club", who) for who in "12"])
        for who, balance in zip("12", told, strict=True):
            self.agrees(self.purses[who], balance)

    def agrees(self, purse, balance):
        purse.settle(self.now)
        pending = sum(lot.left for lot in purse.lots if lot.active > self.now)
        held = sum(len(taken) for _, taken in purse.held.values())
        points = sum(lot.left for lot in purse.lots) - pending
        ends = {lot.end for lot in purse.lots if lot.left and lot.end != NEVER}
        told = (balance.points, balance.pending, balance.held, balance.owed)
        assert told == (points, pending, held, purse.owed)
        assert len(balance.expiring) == len(ends)

    def teardown(self):
        if self.merged:
            self.merge_or_unmerge()
        kept = World.books.posted([ask.key for ask, _ in self.asked])
        assert kept == {ask.key: answer for ask, answer in self.asked}


def with_refusal(ask):
    try:
        posted = World.books.post(ask)
    except PolicyRefusal:
        return
    raise AssertionError(f"{ask} should be refused, and was {posted}")
