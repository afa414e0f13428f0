"""One member's points as a few sums: what the books are compared with. Times are whole minutes."""

from dataclasses import dataclass, field
from itertools import count


class Refused(Exception): ...


@dataclass(eq=False)
class Lot:
    active: int
    end: float
    left: int
    lost: int = 0
    forgiven: int = 0
    keep: int = 0  # can still be taken back
    n: int = field(default_factory=count().__next__)


Taken = list[Lot]  # one for each point


@dataclass(eq=False)
class Purse:
    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    held: dict[str, tuple[int, Taken]] = field(default_factory=dict)
    earned: dict[str, Lot] = field(default_factory=dict)
    spent: dict[str, Taken] = field(default_factory=dict)

    def settle(self, now):
        while due := [
            *((lot.end, 1, n) for n, lot in enumerate(self.lots) if lot.left and lot.end <= now),
            *((until, 0, key) for key, (until, _) in self.held.items() if until <= now),
        ]:
            at, is_lot, which = min(due)
            if is_lot:
                lot = self.lots[which]
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

    def give(self, taken, at):
        for lot in taken:
            if self.owed:
                self.owed -= 1
            elif lot.end <= at:
                lot.lost += 1
            else:
                lot.left += 1

    def earn(self, key, points, active, end):
        paid = min(points, self.owed)
        self.owed -= paid
        self.lots.append(self.earned.setdefault(key, Lot(active, end, points - paid, keep=points)))

    def spend(self, points, now):
        free = [lot for lot in self.lots if lot.active <= now < lot.end]
        if sum(lot.left for lot in free) < points:
            raise Refused
        return self.take(free, points)

    def end_hold(self, of, points, now):
        if of not in self.held or points > len(self.held[of][1]):
            raise Refused
        taken = self.held.pop(of)[1]
        self.give(taken[points:][::-1], now)
        return taken[:points]

    def reverse(self, of, points, now, refuse):
        own, out = self.earned.get(of), self.spent.get(of, [])
        left = own.keep if own else len(out)
        points = left if points is None else points
        if not 0 < points <= left:
            raise Refused
        if not own:
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
        own.keep -= points
