"""`tokui message draft --to FILE`: one message for each of many people, and what it would take."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType

from tokui.cli.message_words import heads, told
from tokui.cli.output import emit, note, or_none, plain, table
from tokui.cli.words import Lang
from tokui.connector import Quota
from tokui.errors import TokuiError
from tokui.identity.rules import Trust
from tokui.identity.view import snapshot
from tokui.outreach.draft import Drafted, Drafting, LeftOut, keep
from tokui.outreach.plan import ChannelConnector
from tokui.outreach.reach import Channels
from tokui.outreach.sentences import sentence
from tokui.store import profiles
from tokui.store.campaign import in_campaign
from tokui.store.engine import Store

AT_ONCE = 200
PARTIAL, REFUSED = 5, 7
_NUMBER = re.compile(r"(?:profile:)?([1-9][0-9]{0,14})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What the command works with."""

    store: Store
    drafting: Drafting
    whose: Trust
    dry_run: bool
    lang: Lang
    as_json: bool


@dataclass
class Drawn:
    """
    What came of it.

    Attributes:
        needed: Messages to send, by connection.
        refused: People, by rule and reason.
        left_out: People for whom the words could not be made, by what is said of it.
        had: People who have a message of the campaign already.
        strangers: Numbers of lines that name nobody.
        ids: Of the messages that were kept and may be approved.
        failures: Plugins that could not improve words, by what is said of it.
    """

    needed: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    had: int = 0
    strangers: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def exit_code(self) -> int:
        """5 where somebody was left out; 7 where everybody was refused."""
        if self.left_out or self.strangers:
            return PARTIAL
        return REFUSED if self.refused and not self.needed else 0


class Line(NamedTuple):
    """A line of the file."""

    number: int
    profile_id: int


def draft_for_many(bulk: Bulk, file: Iterable[str]) -> int:
    """
    Draft for everybody in a file, some hundred at a time; what is kept stays, whatever comes.

    Raises:
        click.UsageError: A line is no profile number; nothing was done.
    """
    lines, drawn = list(_lines(file)), Drawn()
    seen: set[int] = set()
    for start in range(0, len(lines), AT_ONCE):
        _some(bulk, lines[start : start + AT_ONCE], drawn, seen)
    quotas = {name: quota_of(bulk.drafting.channels, name) for name in drawn.needed}
    for failure, times in drawn.failures.items():
        note(f"warning: {failure} (for {times:,})")
    campaign = bulk.drafting.campaign
    emit(
        "message.draft",
        {"dry_run": bulk.dry_run, "campaign": campaign, **_data(drawn, quotas)},
        bulk.as_json,
        _shown(bulk, drawn, quotas),
    )
    return drawn.exit_code


def _some(bulk: Bulk, lines: Sequence[Line], drawn: Drawn, seen: set[int]) -> None:
    campaign = bulk.drafting.campaign
    with snapshot(bulk.store, bulk.whose) as (view, tx):
        numbers = []
        for line in lines:
            number = profiles.resolve(tx, line.profile_id)
            if not profiles.members(tx, number):
                drawn.strangers.append(line.number)
            elif number not in seen:
                seen.add(number)
                numbers.append(number)
        had = in_campaign(tx, campaign, numbers)
        planned = bulk.drafting.plan(tx, view, [each for each in numbers if each not in had])
    for each in planned:
        if isinstance(each, LeftOut):
            drawn.left_out[str(each.why)] += 1
    drafted = [each for each in planned if isinstance(each, Drafted)]
    if not bulk.dry_run:
        with bulk.store.write() as tx:
            late = in_campaign(tx, campaign, [each.profile_id for each in drafted])
            drafted = [each for each in drafted if each.profile_id not in late]
            ids = keep(tx, drafted)
        had |= late
        drawn.ids += [number for number, each in zip(ids, drafted, strict=True) if not each.refusal]
    drawn.had += len(had)
    for each in drafted:
        drawn.failures.update(str(failure) for failure in each.failures)
        if refusal := each.refusal:
            drawn.refused[refusal.rule, refusal.reason] += 1
        else:
            drawn.needed[each.way.connection] += 1


def _lines(file: Iterable[str]) -> Iterator[Line]:
    for number, line in enumerate(file, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        found = _NUMBER.fullmatch(text)
        if found is None:
            raise click.UsageError(f"Line {number} of the file is no profile's number.")
        yield Line(number, int(found[1]))


def quota_of(channels: Channels, connection: str) -> Quota | None:
    """What may still be sent; None where nobody counts, or says so now. The channel is done with."""
    channel = cast("ChannelConnector", channels[connection])
    try:
        return channel.quota()
    except Exception as error:
        why = error.what if isinstance(error, TokuiError) else type(error).__name__
        note(f"warning: {connection} does not say how many messages are left: {why}")
    finally:
        channel.ctx.http.close()
    return None


def warn_of_quota(channels: Channels, needed: Mapping[str, int]) -> None:
    """Before many are sent; what is over stays queued, with the provider's word for it."""
    for name, count in needed.items():
        more = over(count, quota_of(channels, name)) if count > 1 and name in channels else None
        if more:
            note(
                f"warning: {name}: {more:,} of {count:,} messages are more than its account may send"
            )


def over(needed: int, quota: Quota | None) -> int | None:
    """So many more than are left; None where nobody counts."""
    return None if quota is None or quota.left is None else max(0, needed - quota.left)


def _shown(bulk: Bulk, drawn: Drawn, quotas: dict[str, Quota | None]) -> RenderableType:
    columns = heads(bulk.lang, "connection", "needed", "left", "over")
    rows = table(*columns, right=columns[1:])
    for name, needed in drawn.needed.items():
        quota = quotas[name]
        left = "–" if quota is None or quota.left is None else f"{quota.left:,}"
        more = over(needed, quota)
        rows.add_row(name, f"{needed:,}", left, "–" if more is None else f"{more:,}")
    return Group(or_none(rows, told("none", bulk.lang)), *_besides(bulk, drawn))


def _besides(bulk: Bulk, drawn: Drawn) -> Iterator[str]:
    lang, campaign = bulk.lang, bulk.drafting.campaign
    for (rule, reason), people in drawn.refused.most_common():
        yield told("refused_for", lang, people=people, why=plain(sentence(rule, reason, lang)))
    for why, people in drawn.left_out.most_common():
        yield told("left_out", lang, people=people, why=why)
    if drawn.had:
        yield told("had", lang, people=drawn.had)
    if drawn.strangers:
        lines = ", ".join(map(str, drawn.strangers[:20]))
        yield told("strangers", lang, people=len(drawn.strangers), lines=lines)
    if drawn.ids:
        yield told("kept", lang, count=len(drawn.ids), campaign=campaign)


def _data(drawn: Drawn, quotas: dict[str, Quota | None]) -> dict[str, JsonValue]:
    connections: list[JsonValue] = [
        {
            "connection": name,
            "needed": needed,
            "left": quota.left if (quota := quotas[name]) else None,
            "over": over(needed, quotas[name]),
        }
        for name, needed in drawn.needed.items()
    ]
    refused: list[JsonValue] = [
        {"rule": rule, "reason": reason, "messages": people}
        for (rule, reason), people in drawn.refused.most_common()
    ]
    left_out: list[JsonValue] = [
        {"why": why, "people": people} for why, people in drawn.left_out.most_common()
    ]
    return {
        "connections": connections,
        "refused": refused,
        "left_out": left_out,
        "had": drawn.had,
        "unknown_lines": [*drawn.strangers],
        "message_ids": [*drawn.ids],
    }
