"""A file of consents, line by line: what is understood, and what is wrong with the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from pydantic import ValidationError

from tokui.errors import SkipItem
from tokui.identity.arrival import earlier
from tokui.identity.rules import Rules
from tokui.model import Consent
from tokui.outreach.points import is_point
from tokui.outreach.record import keep_consents
from tokui.store.consents import ANY, checked
from tokui.store.counts import Counts
from tokui.store.engine import Store, Transaction
from tokui.store.feed import Changes
from tokui.sync.batch import reason
from tokui.sync.sheet import Bad, Row, rows

NEEDED = ("connection", "external_id", "contact", "state")
OTHERS = (
    "value",
    "purpose",
    "topic",
    "occurred_at",
    "evidence",
    "reference",
    "notice",
    "stated_purpose",
)
IMPORT = "import"
"""The evidence of a line that names none: it turns no no into a yes."""

CHUNK = 500
"""Lines in one transaction."""


class Line(NamedTuple):
    """A line that is understood; the file's first line is 1."""

    number: int
    connection: str
    consent: Consent


class Imported(NamedTuple):
    """What became of a file."""

    counts: Counts
    bad: Sequence[Bad]


def read(file: Iterable[str]) -> Iterator[Line | Bad]:
    """
    Read a sheet of them.

    Raises:
        ConfigError: It is none.
    """
    return map(_line, rows(file, NEEDED, OTHERS))


def take(
    store: Store,
    rules: Mapping[str, Rules],
    lines: Iterable[Line | Bad],
    actor: str,
    *,
    dry_run: bool = False,
) -> Imported:
    """
    Keep what is understood, of customers that are known; a line that was read before changes nothing.

    Args:
        store: Where.
        rules: How each connection's identifiers are seen.
        lines: The file's.
        actor: Who imports it.
        dry_run: Say what would be kept, and write nothing.
    """
    counts, bad, rest = Counts(), list[Bad](), iter(lines)
    while chunk := list(islice(rest, CHUNK)):
        bad += [each for each in chunk if isinstance(each, Bad)]
        good = [each for each in chunk if isinstance(each, Line)]
        with store.write(dry_run=dry_run) as tx:
            for name in dict.fromkeys(each.connection for each in good):
                mine = [each for each in good if each.connection == name]
                seen = rules.get(name) or Rules(name)
                counts.add(_keep(tx, seen, mine, actor, bad, known=name in rules))
    return Imported(counts, sorted(bad))


def _keep(
    tx: Transaction, seen: Rules, lines: Sequence[Line], actor: str, bad: list[Bad], *, known: bool
) -> Counts:
    """The lines of one connection; it may be `known` no more, and its customers still are."""
    keys = {each.consent.customer for each in lines}
    people = {
        key: (each.stored.id, each.profile_id) for key, each in earlier(tx, seen.connection, keys)
    }
    unknown = [each.number for each in lines if each.consent.customer not in people]
    why = "there is no such customer in this connection" if known else "there is no such connection"
    bad += [Bad(number, why) for number in unknown]
    said = [each.consent for each in lines if each.consent.customer in people]
    changes = Changes()
    counts = keep_consents(tx, seen, said, people, {}, (), changes, actor)
    changes.write(tx)
    return counts


def _line(row: Row) -> Line | Bad:
    if row.wrong:
        return Bad(row.number, row.wrong)
    try:
        return Line(row.number, row.cells["connection"], checked(_consent(row.cells)))
    except (SkipItem, ValidationError, ValueError) as error:
        return Bad(row.number, reason(error))


def _consent(cells: Mapping[str, str]) -> Consent:
    said = dict(cells)
    customer, at = said["external_id"], said.pop("occurred_at", None)
    del said["connection"]
    contact, value = said["contact"], said.get("value")
    if contact == ANY and value:
        raise SkipItem("`any` contact has no value")
    if value and not is_point(contact, value):
        raise SkipItem("the value cannot be a contact point of its kind")
    whole = {"evidence": IMPORT, **said, "external_id": f"{customer}/{contact}"}
    return Consent.model_validate({**whole, "customer": customer, "occurred_at": _moment(at)})


def _moment(text: str | None) -> datetime | None:
    """Without an offset it is this machine's time."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise SkipItem("occurred_at is no moment such as 2026-11-01T10:00+09:00") from None
    if at > datetime.now(UTC):
        raise SkipItem("occurred_at is in the future")
    return at
