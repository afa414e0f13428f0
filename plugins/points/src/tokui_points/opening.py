"""Opening balances out of a file: what each line gives, once however often the file is read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from tokui.connector import Earn, Member, Posted
from tokui.errors import PolicyRefusal
from tokui.store import contacts, issuers
from tokui.store.books import post, posted
from tokui.store.engine import Store, Transaction
from tokui.sync.sheet import Bad, Row, rows

from tokui_points import keys, reasons
from tokui_points.accounts import member_of
from tokui_points.calendar import YEARS, after, begins
from tokui_points.settings import Programme

NEEDED = ("member_no", "points")
OTHERS = ("expires_at", "pending", "reason")
PORTION = 5_000
"""Lines of one transaction."""

LISTED = 1_000
"""Bad lines that are named; all are counted."""


class Line(NamedTuple):
    """A line that is understood; None gives nothing. The file's first line is 1."""

    number: int
    earn: Earn | None


@dataclass(slots=True)
class Imported:
    """
    What became of a file.

    Attributes:
        new: Lines that were posted, and how many points they gave.
        known: Lines that were posted before.
        nothing: Lines of 0 points.
        unseen: New lines whose number nobody bears yet: the points wait for the card.
        bad: The first of those that were left out; `many_bad` counts all.
    """

    new: int = 0
    points: int = 0
    known: int = 0
    nothing: int = 0
    unseen: int = 0
    many_bad: int = 0
    bad: list[Bad] = field(default_factory=list)

    def leave_out(self, bad: Bad) -> None:
        """Count a bad line, and list it while there is room."""
        self.many_bad += 1
        if len(self.bad) < LISTED:
            self.bad.append(bad)


class Opening:
    """
    One import into one programme. A number's lines are told from each other by their order.

    Args:
        title: Names the import: under another name the same file is given once more.
    """

    def __init__(self, name: str, programme: Programme, title: str) -> None:
        self.name = name
        self.programme = programme
        self.title = title
        self._lines_of = Counter[Member]()

    def read(self, file: Iterable[str]) -> Iterator[Line | Bad]:
        """
        Read a sheet of them.

        Raises:
            ConfigError: It is none.
        """
        return map(self._line, rows(file, NEEDED, OTHERS))

    def take(self, store: Store, lines: Iterable[Line | Bad], *, dry_run: bool = False) -> Imported:
        """Post what is understood, by portions: after a crash, the same again does the rest."""
        done, rest = Imported(), iter(lines)
        while some := list(islice(rest, PORTION)):
            for bad in (each for each in some if isinstance(each, Bad)):
                done.leave_out(bad)
            good = [each for each in some if isinstance(each, Line)]
            done.nothing += sum(each.earn is None for each in good)
            with store.write(dry_run=dry_run) as tx:
                self._post(tx, {each.number: each.earn for each in good if each.earn}, done)
        done.bad.sort()
        return done

    def _post(self, tx: Transaction, asked: Mapping[int, Earn], done: Imported) -> None:
        before = posted(tx, [each.key for each in asked.values()])
        borne = self._borne(tx, asked.values())
        answers = post(tx, [*asked.values()])
        for (number, earn), answer in zip(asked.items(), answers, strict=True):
            if isinstance(answer, PolicyRefusal):
                done.leave_out(Bad(number, _refused(answer, earn.key in before)))
            elif isinstance(answer, Posted) and earn.key in before:
                done.known += 1
            else:
                done.new, done.points = done.new + 1, done.points + earn.points
                done.unseen += earn.member.member_no not in borne

    def _borne(self, tx: Transaction, asked: Iterable[Earn]) -> set[str]:
        """The numbers that somebody bears."""
        kind, numbers = self.programme.number, {each.member.member_no for each in asked}
        known = [who for what, who in issuers.in_use(tx) if what == kind]
        mine = [who for who in known if self.programme.issuer in (None, who)]
        tokens = {f"{kind}:{who}:{number}": number for who in mine for number in numbers}
        return {tokens[token] for token, _ in contacts.bearers(tx, [*tokens])}

    def _line(self, row: Row) -> Line | Bad:
        """Bad lines are counted, too: when one is mended, those after it are still the same."""
        member = member_of(self.name, self.programme, row.cells.get("member_no", ""))
        if member:
            self._lines_of[member] += 1
        if row.wrong:
            return Bad(row.number, row.wrong)
        try:
            return Line(row.number, self._earn(row.cells, member))
        except ValueError as error:
            return Bad(row.number, str(error))

    def _earn(self, cells: Mapping[str, str], member: Member | None) -> Earn | None:
        """
        What a line gives.

        Raises:
            ValueError: Something of it is not understood.
        """
        zone = self.programme.zone
        if member is None:
            raise ValueError("`member_no` is no number that a card can have")
        points = _points(cells["points"])
        last, first = _day(cells, "expires_at"), _day(cells, "pending")
        if last and first and last < first:
            raise ValueError("its points end before they can be spent")
        whose, nth = keys.short(member.member_no, 24), self._lines_of[member]
        key = f"{self.name}/opening/{self.title}/{whose}-{nth}"
        ends = after(last, zone) if last else None
        active = begins(first, zone) if first else None
        reason = cells.get("reason", reasons.OPENING)
        return Earn(key, member, points, reason, active, ends) if points else None


def _points(text: str) -> int:
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 13:
        raise ValueError("`points` is no whole number from 0 on")
    return int(plain)


def _day(cells: Mapping[str, str], name: str) -> date | None:
    """A day of the shop; of a moment with its zone, too, the day that is written."""
    text = cells.get(name)
    try:
        day = datetime.fromisoformat(text).date() if text else None
    except ValueError:
        raise ValueError(f"`{name}` is no day such as 2027-03-31") from None
    if day and day.year not in YEARS:
        raise ValueError(f"`{name}` is not in {YEARS[0]} to {YEARS[-1]}; no end is an empty cell")
    return day


def _refused(refusal: PolicyRefusal, is_known: bool) -> str:
    if is_known:
        return "it was imported before, and said something else; correct it with `points adjust`"
    return f"the books refuse it: {refusal}"
