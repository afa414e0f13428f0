"""`tokui consent`: who may be written to, who said so, and what proves it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from pydantic import JsonValue
from rich.console import Group, RenderableType

from tokui.cli.consent_file import import_
from tokui.cli.consent_set import set_
from tokui.cli.consent_words import said, scope, stands, where
from tokui.cli.desk import Desk
from tokui.cli.meant import WHO, lang_option, meant
from tokui.cli.message_words import told as worded
from tokui.cli.output import emit, json_option, local, or_none, plain, table
from tokui.cli.people import language
from tokui.cli.words import Lang
from tokui.identity.amend import STAFF
from tokui.model import moment
from tokui.outreach import overview
from tokui.outreach.overview import Way
from tokui.store import consents, profiles
from tokui.store.consents import Logged


@click.group()
def consent() -> None:
    """
    Who may be written to, who said so, and what proves it.

    A no holds against any yes that is not newer and proven. A yes is for one address only.
    """


for command in (set_, import_):
    consent.add_command(command)


@consent.command(epilog=WHO)
@click.argument("who")
@lang_option
@json_option
@click.pass_obj
def show(path: Path | None, who: str, lang: str | None, as_json: bool) -> None:
    """Show how a person stands, for each contact point."""
    with Desk(path).store() as store, store.read() as tx:
        profile_id = meant(tx, who).profile_id
        ways = overview.ways(tx, profile_id)
        speakers = {each.standing.because.customer_id for each in ways if each.standing.because}
        sources = {key: place[0] for key, place in profiles.places_of(tx, speakers).items()}
    data: list[JsonValue] = [_way(each, sources) for each in ways]
    shown = _shown(ways, sources, language(lang))
    emit("consent.show", {"profile_id": profile_id, "ways": data}, as_json, shown)


@consent.command(epilog=WHO)
@click.argument("who")
@lang_option
@json_option
@click.pass_obj
def history(path: Path | None, who: str, lang: str | None, as_json: bool) -> None:
    """List all that a person ever said, with its proof."""
    with Desk(path).store() as store, store.read() as tx:
        profile_id = meant(tx, who).profile_id
        log = consents.log(tx, profile_id)
    data: list[JsonValue] = [_logged(each) for each in log]
    shown = _history(log, language(lang))
    emit("consent.history", {"profile_id": profile_id, "statements": data}, as_json, shown)


def _shown(ways: Sequence[Way], sources: Mapping[int, str], lang: Lang) -> RenderableType:
    heads = ("point", "for", "stands", "since", "source", "proof")
    rows = table(*(said(name, lang) for name in heads))
    for each in ways:
        because = each.standing.because
        rows.add_row(
            plain(where(each.point, lang)),
            plain(scope(each.purpose, each.topic, lang)),
            stands(each.standing, lang),
            local(_since(each))[:10],
            plain(sources.get(because.customer_id, "–")) if because else "–",
            _proof(because.evidence if because else None, lang),
        )
    return Group(or_none(rows, said("no_contact", lang)), *dict.fromkeys(_stops(ways, lang)))


def _stops(ways: Sequence[Way], lang: Lang) -> Iterator[str]:
    for each in ways:
        for held in each.suppressed:
            since = local(moment(held.since_us))[:10]
            what = said(f"stops.{held.stops}", lang)
            why = f"{said(held.reason, lang)}, {plain(held.connection)}, {since}"
            yield f"{plain(where(each.point, lang))}: {what} ({why})"


def _proof(evidence: str | None, lang: Lang) -> str:
    """As the card calls it."""
    return plain(worded(f"evidence.{evidence}", lang)) if evidence else "–"


def _since(way: Way) -> datetime | None:
    because = way.standing.because
    return moment(because.occurred_us or because.at_us) if because else None


def _way(each: Way, sources: Mapping[int, str]) -> JsonValue:
    because, since = each.standing.because, _since(each)
    return {
        "point": each.point,
        "purpose": each.purpose,
        "topic": each.topic,
        "state": each.standing.state,
        "nowhere": each.standing.nowhere,
        "since": since.isoformat() if since else None,
        "source": sources.get(because.customer_id) if because else None,
        "evidence": (because.evidence or None) if because else None,
        "suppressed": [
            {
                "stops": held.stops,
                "reason": held.reason,
                "connection": held.connection,
                "account_only": held.account_only,
                "since": moment(held.since_us).isoformat(),
            }
            for held in each.suppressed
        ],
    }


def _history(log: Sequence[Logged], lang: Lang) -> RenderableType:
    heads = ("since", "point", "for", "stands", "proof", "reference", "notice", "source", "by")
    rows = table(*(said(name, lang) for name in heads))
    for each in log:
        told = each.consent
        rows.add_row(
            local(told.occurred_at)[:16] if told.occurred_at else f"? ({local(each.at)[:10]})",
            plain(f"{said(told.contact, lang)} {told.value or ''}".strip()),
            plain(scope(told.purpose, told.topic, lang)),
            said(told.state, lang),
            _proof(told.evidence, lang),
            *(plain(text or "–") for text in (told.reference, told.notice)),
            plain(each.connection),
            plain((each.actor or "–").removeprefix(STAFF)),
        )
    return or_none(rows, said("no_word", lang))


def _logged(each: Logged) -> JsonValue:
    return {
        "connection": each.connection,
        **each.consent.model_dump(mode="json", exclude={"external_id", "source_version"}),
        "actor": each.actor,
        "at": each.at.isoformat(),
    }
