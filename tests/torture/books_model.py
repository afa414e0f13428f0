"""One member's points as a few sums: what the books are compared with. Times are whole minutes."""

from dataclasses import dataclass, field

Parts = list[tuple[int, int]]
"""Lots by number, and how many points of each."""


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
    held: dict[str, tuple[int, Parts]] = field(default_factory=dict)
    earned: dict[str, list[int]] = field(default_factory=dict)  # lot, points left to take back
    spent: dict[str, Parts] = field(default_factory=dict)

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
        parts = []
        for n in sorted(numbers, key=lambda n: (self.lots[n].end, n)):
            part = min(points, self.lots[n].left)
            self.lots[n].left -= part
            points -= part
            parts += [(n, part)] if part else []
        return parts, points

    def give(self, parts, at):
        for n, points in parts:
            paid = min(points, self.owed)
            self.owed -= paid
            lot = self.lots[n]
            lot.left, lot.lost = (
                (lot.left, lot.lost + points - paid)
                if lot.end <= at
                else (lot.left + points - paid, lot.lost)
            )

    def earn(self, key, points, active, end):
        paid = min(points, self.owed)
        self.owed -= paid
        self.earned[key] = [len(self.lots), points]
        self.lots.append(Lot(active, end, points - paid))

    def spend(self, points, now):
        free = [n for n, lot in enumerate(self.lots) if lot.active <= now < lot.end]
        if sum(self.lots[n].left for n in free) < points:
            raise Refused
        return self.take(free, points)[0]

    def end_hold(self, of, points, now):
        """Of a hold, so many points are spent: which ones."""
        if of not in self.held or points > sum(part for _, part in self.held[of][1]):
            raise Refused
        parts = [n for n, part in self.held.pop(of)[1] for _ in range(part)]
        self.give([(n, 1) for n in parts[points:][::-1]], now)
        return [(n, 1) for n in parts[:points]]

    def reverse(self, of, points, now, refuse):
        left = (
            self.earned[of][1]
            if of in self.earned
            else sum(part for _, part in self.spent.get(of, []))
        )
        points = left if points is None else points
        if not 0 < points <= left:
            raise Refused
        if of in self.spent:
            parts = [n for n, part in self.spent[of] for _ in range(part)]
            self.give([(n, 1) for n in parts[left - points :][::-1]], now)
            self.spent[of] = [(n, 1) for n in parts[: left - points]]
            return
        own = self.lots[self.earned[of][0]]
        forgiven = min(max(points - own.left, 0), own.lost - own.forgiven)
        if refuse and points - forgiven > sum(lot.left for lot in self.lots):
            raise Refused
        first = min(points - forgiven, own.left)
        own.left, own.forgiven = own.left - first, own.forgiven + forgiven
        self.owed += self.take(range(len(self.lots)), points - forgiven - first)[1]
        self.earned[of][1] -= points
