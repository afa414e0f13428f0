"""One member's points as a few sums: what the books are compared with. Times are whole minutes."""

from dataclasses import dataclass, field
from itertools import count


class Refused(Exception):
    pass


@dataclass(eq=False)
class Lot:
    active: int
    end: float
    left: int
    lost: int = 0
    forgiven: int = 0
    n: int = field(default_factory=count().__next__)


Taken = list[Lot]
"""The lot of each point."""


@dataclass(eq=False)
class Purse:
    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    held: dict[str, tuple[int, Taken]] = field(default_factory=dict)
    earned: dict[str, tuple[Lot, list[int]]] = field(default_factory=dict)  # points left to take
    spent: dict[str, tuple["Purse", Taken, Taken]] = field(default_factory=dict)  # all, left

    def settle(self, now):
        while due := [
            *((lot.end, 1, lot.n, lot) for lot in self.lots if lot.left and lot.end <= now),
            *((until, 0, key) for key, (until, _) in self.held.items() if until <= now),
        ]:
            at, is_lot, which, *lots = min(due)
            if is_lot:
                (lot,) = lots
                lot.left, lot.lost = 0, lot.lost + lot.left
            else:
                self.give(self.held.pop(which)[1][::-1], at)

    def take(self, lots, points):
        taken = []
        for lot in sorted(lots, key=lambda lot: (lot.end, lot.n)):
            part = min(points - len(taken), lot.left)
            lot.left -= part
            taken += [lot] * part
        return taken

    def here(self, taken):
        twins = {lot: lot for lot in self.lots}
        for lot in taken:
            twins.setdefault(lot, Lot(lot.active, lot.end, 0))
        self.lots = list(twins.values())
        return [twins[lot] for lot in taken]

    def give(self, taken, at):
        for lot in self.here(taken):
            if self.owed:
                self.owed -= 1
            elif lot.end <= at:
                lot.lost += 1
            else:
                lot.left += 1

    def earn(self, key, points, active, end):
        paid = min(points, self.owed)
        self.owed -= paid
        self.lots.append(Lot(active, end, points - paid))
        self.earned[key] = (self.lots[-1], [points])

    def spend(self, points, now):
        free = [lot for lot in self.lots if lot.active <= now < lot.end]
        if sum(lot.left for lot in free) < points:
            raise Refused
        return self.take(free, points)

    def pay_out(self, key, taken, lots=None):
        self.spent[key] = (self, lots or taken[:], taken)

    def end_hold(self, of, points, now):
        if of not in self.held or points > len(self.held[of][1]):
            raise Refused
        taken = self.held.pop(of)[1]
        self.give(taken[points:][::-1], now)
        return taken[:points]

    def reverse(self, of, points, now, refuse):
        whose, lots, out = self.spent.get(of, (None, [], []))
        own, left = self.earned.get(of, (None, [len(out)]))
        lots = [own] if own else lots
        left = left[0] if whose is self or all(lot in self.lots for lot in lots) else 0
        points = left if points is None else points
        if not 0 < points <= left:
            raise Refused
        if of in self.spent:
            self.give(out[left - points :][::-1], now)
            del out[left - points :]
            return
        forgiven = min(max(points - own.left, 0), own.lost - own.forgiven)
        if refuse and points - forgiven > sum(lot.left for lot in self.lots):
            raise Refused
        first = min(points - forgiven, own.left)
        own.left, own.forgiven = own.left - first, own.forgiven + forgiven
        others = points - forgiven - first
        self.owed += others - len(self.take(self.lots, others))
        self.earned[of][1][0] -= points

    def pay(self):
        paid = self.take(self.lots, min(self.owed, sum(lot.left for lot in self.lots)))
        self.owed -= len(paid)
        return paid

    def move(self, to):
        if self.held:
            raise Refused
        lots, brought = self.lots, self.owed
        to.lots, to.owed = to.lots + lots, to.owed + brought
        self.lots, self.owed = [], 0
        return lots, brought, to.pay()

    def part(self, source, lots, brought, paid, now):
        source.lots += [lot for lot in lots if lot in self.lots]
        self.lots = [lot for lot in self.lots if lot not in lots]
        debtor, payer = (source, self) if brought else (self, source)
        for lot in payer.here(paid):
            lot.left, lot.lost = (lot.left + (lot.end > now)), lot.lost + (lot.end <= now)
        debtor.owed += len(paid)
        rest = min(max(brought - len(paid), 0), self.owed)
        self.owed, source.owed = self.owed - rest, source.owed + rest
        source.pay(), self.pay()
