"""One member's points as a few sums: what the books are compared with. Times are whole minutes."""

from dataclasses import dataclass, field

Taken = list[int]
"""The number of its lot, for each point."""


class Refused(Exception):
    pass


@dataclass
class Lot:
    active: int
    end: float
    left: int
    lost: int = 0
    forgiven: int = 0


@dataclass
class Purse:
    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    held: dict[str, tuple[int, Taken]] = field(default_factory=dict)
    earned: dict[str, list[int]] = field(default_factory=dict)  # lot, points left to take back
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

    def take(self, numbers, points):
        taken = []
        for n in sorted(numbers, key=lambda n: (self.lots[n].end, n)):
            part = min(points - len(taken), self.lots[n].left)
            self.lots[n].left -= part
            taken += [n] * part
        return taken

    def give(self, taken, at):
        for lot in (self.lots[n] for n in taken):
            if self.owed:
                self.owed -= 1
            elif lot.end <= at:
                lot.lost += 1
            else:
                lot.left += 1

    def earn(self, key, points, active, end):
        paid = min(points, self.owed)
        self.owed -= paid
        self.earned[key] = [len(self.lots), points]
        self.lots.append(Lot(active, end, points - paid))

    def spend(self, points, now):
        free = [n for n, lot in enumerate(self.lots) if lot.active <= now < lot.end]
        if sum(self.lots[n].left for n in free) < points:
            raise Refused
        return self.take(free, points)

    def end_hold(self, of, points, now):
        if of not in self.held or points > len(self.held[of][1]):
            raise Refused
        taken = self.held.pop(of)[1]
        self.give(taken[points:][::-1], now)
        return taken[:points]

    def reverse(self, of, points, now, refuse):
        left = self.earned[of][1] if of in self.earned else len(self.spent.get(of, []))
        points = left if points is None else points
        if not 0 < points <= left:
            raise Refused
        if of in self.spent:
            self.give(self.spent[of][left - points :][::-1], now)
            del self.spent[of][left - points :]
            return
        own = self.lots[self.earned[of][0]]
        forgiven = min(max(points - own.left, 0), own.lost - own.forgiven)
        if refuse and points - forgiven > sum(lot.left for lot in self.lots):
            raise Refused
        first = min(points - forgiven, own.left)
        own.left, own.forgiven = own.left - first, own.forgiven + forgiven
        others = points - forgiven - first
        self.owed += others - len(self.take(range(len(self.lots)), others))
        self.earned[of][1] -= points
