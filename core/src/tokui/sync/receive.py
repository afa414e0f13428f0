"""A webhook on its way into the store: believed, understood, written; then what it hints at is read."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias, cast

from tokui.config import Config
from tokui.connector import (
    Channel,
    Connector,
    IdentifierRule,
    Item,
    Note,
    Receiver,
    Refetch,
    Request,
    Source,
    Stream,
)
from tokui.errors import ConfigError, FatalError, Stopped
from tokui.hub import Hub
from tokui.identity.rules import Rules
from tokui.identity.settings import policy, rules
from tokui.identity.weigh import DEFAULT, Policy
from tokui.model import RECORDS
from tokui.store import quarantine
from tokui.store.counts import Counts
from tokui.store.engine import Store
from tokui.store.quarantine import Refused
from tokui.sync.batch import Batch, SourceConnector, add, parse, reason
from tokui.sync.commit import write_batch
from tokui.sync.compose import connector
from tokui.sync.progress import Silent
from tokui.sync.stop import RunStop

NOTES = Stream("notes", RECORDS)
"""Notes that cannot be understood go into quarantine under the name of this stream."""


Hint: TypeAlias = tuple[Stream, Refetch]
"""What is to be read again, and in which stream."""


@dataclass(frozen=True, slots=True)
class Received:
    """
    What became of a webhook.

    Attributes:
        notes: Events in it.
        counts: What became of their records; those that could not be understood are quarantined.
    """

    notes: int
    counts: Counts


def receive(store: Store, hub: Hub, connection: str, request: Request) -> Received:
    """
    Take a webhook for a connection.

    Raises:
        AuthError: Its signature is missing or wrong; nothing was done.
        PluginError: The connection cannot be made.
        ConfigError: It receives nothing.
        StoreError: Nothing was written; the sender may send it again.
    """
    made = connector(hub, connection, RunStop(connection, Silent()))
    try:
        return take(store, made, seen_by(hub.config, made), request, policy(hub.config))
    finally:
        made.ctx.http.close()


def take(
    store: Store,
    made: Connector[Any],
    seen: Rules,
    request: Request,
    enough: Policy = DEFAULT,
) -> Received:
    """
    As `receive`, by a connector that is made already.

    What the notes say is written in one transaction before anything is read again: a vendor that does
    not answer then costs no block and no message, and the same webhook again does no harm.

    Args:
        store: Where its records go.
        made: Whose webhook it is.
        seen: How its identifiers are seen.
        request: The webhook.
        enough: How much evidence links.
    """
    if not isinstance(made, Receiver):
        raise ConfigError(
            "its connector receives nothing",
            who=made.name,
            todo="see `tokui connections list`, which says what each can do",
        )
    notes = [asdict(note) for note in made.verify(request)]
    told, hints = unpack(made, notes)
    counts = _write(store, made, seen, enough, NOTES.name, told)
    for stream, wanted in hints:
        counts.add(_write(store, made, seen, enough, stream.name, fetched(made, stream, wanted)))
    return Received(len(notes), counts)


def unpack(made: Connector[Any], notes: Iterable[Item]) -> tuple[Batch, list[Hint]]:
    """What notes say, and what they only hint at; those that cannot be understood are refused."""
    told, hints = Batch(), list[Hint]()
    for note in notes:
        hints += [(_stream(made, each), each) for each in _unpack(made, note, told)]
    return told, hints


def fetched(made: Connector[Any], stream: Stream, wanted: Refetch) -> Batch:
    """Read what a note hints at."""
    source = cast("SourceConnector", made)
    return parse(source, stream, list(source.fetch(stream.name, wanted.ids)))


def seen_by(config: Config, made: Connector[Any]) -> Rules:
    """How the identifiers in a connection's notes are seen."""
    return rules(config, made.name, notes_of(made))


def notes_of(made: Connector[Any]) -> Stream:
    """A connection's notes, with what identifiers are worth: as its streams say, or as it sends to them."""
    streams = made.streams() if isinstance(made, Source) else ()
    said = {rule.kind: rule for stream in reversed(streams) for rule in stream.identifiers}
    if isinstance(made, Channel) and made.issuer != "*":
        said.setdefault(made.reaches, IdentifierRule(made.reaches, "strong", made.issuer))
    return replace(NOTES, identifiers=tuple(said.values()))


def _unpack(made: Connector[Any], note: Item, batch: Batch) -> list[Refetch]:
    """Take all that a note says, or nothing of it; what it only hints at has to be read."""
    assert isinstance(made, Receiver)  # noqa: S101 - narrows the type
    try:
        said = list(made.unpack(Note(**note)))
        add(batch, (each for each in said if not isinstance(each, Refetch)), NOTES)
    except (FatalError, Stopped):
        raise
    except Exception as error:  # whatever a mapping raises, the note is kept
        batch.refused.append(Refused(note, type(error).__name__, reason(error)))
        return []
    return [each for each in said if isinstance(each, Refetch)]


def _stream(made: Connector[Any], wanted: Refetch) -> Stream:
    streams = {each.name: each for each in made.streams()} if isinstance(made, Source) else {}
    if wanted.stream not in streams:
        raise FatalError(f"asks to read `{wanted.stream}`, which it does not offer", who=made.name)
    return streams[wanted.stream]


def _write(
    store: Store, made: Connector[Any], seen: Rules, enough: Policy, stream: str, batch: Batch
) -> Counts:
    with store.write() as tx:
        counts = write_batch(tx, seen, batch, enough)
        quarantine.put(tx, made.name, stream, batch.refused)
    return counts
