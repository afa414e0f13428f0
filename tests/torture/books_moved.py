"""Two members' points as a few sums, when all that one has goes to the other."""

from dataclasses import dataclass, field

from books_model import Lot, Purse, Refused, Taken


@dataclass(eq=False)
class Moved(Purse):
    whose: dict[str, tuple[Purse, Taken]] = field(default_factory=dict)

    def pay_out(self, key, taken, lots=None):
        self.spent[key], self.whose[key] = taken, (self, lots or taken[:])

    def reverse(self, of, *how):
        whose, lots = self.whose.get(of, (None, []))
        lots = [self.earned[of]] if of in self.earned else lots
        if whose is not self and not all(lot in self.lots for lot in lots):
            raise Refused
        super().reverse(of, *how)

    def give(self, taken, at):
        super().give(self.here(taken), at)

    def here(self, taken):
        twins = {lot: lot for lot in self.lots}
        for lot in taken:
            twins.setdefault(lot, Lot(lot.active, lot.end, 0))
        self.lots = list(twins.values())
        return [twins[lot] for lot in taken]

    def pay(self):
        paid = self.take(self.lots, min(self.owed, sum(lot.left for lot in self.lots)))
        self.owed -= len(paid)
        return paid

    def move(self, to):
        if self.held:
            raise Refused
        lots, brought = self.lots, self.owed
        to.lots = sorted(to.lots + lots, key=lambda lot: lot.n)
        to.owed += brought
        self.lots, self.owed = [], 0
        return lots, brought, to.pay()

    def part(self, source, lots, brought, paid, now):
        back = [lot for lot in lots if lot in self.lots]
        source.lots = sorted(source.lots + back, key=lambda lot: lot.n)
        self.lots = [lot for lot in self.lots if lot not in lots]
        debtor, payer = (source, self) if brought else (self, source)
        for lot in payer.here(paid):
            lot.left, lot.lost = (lot.left + (lot.end > now)), lot.lost + (lot.end <= now)
        debtor.owed += len(paid)
        rest = min(max(brought - len(paid), 0), self.owed)
        self.owed, source.owed = self.owed - rest, source.owed + rest
        source.pay(), self.pay()
