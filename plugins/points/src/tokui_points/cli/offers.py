"""`tokui points benefits` and `use`: what applies to a basket, and using it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from pydantic import JsonValue, ValidationError
from tokui.cli.customer import the_one
from tokui.cli.exits import Unknown
from tokui.cli.meant import as_option, lang_option
from tokui.cli.output import emit, json_option, or_none
from tokui.cli.people import CARD_WIDTH, language
from tokui.identity.view import snapshot
from tokui.store.books import Books

from tokui_points.cli.counter import Counter, counter
from tokui_points.cli.shown import benefits as shown_benefits
from tokui_points.cli.shown import counted
from tokui_points.cli.shown import used as shown_used
from tokui_points.hooks import Points
from tokui_points.offers import quota
from tokui_points.offers.basket import Basket, Counted
from tokui_points.offers.quota import Record
from tokui_points.offers.settings import Offer
from tokui_points.offers.using import Ask, Uses
from tokui_points.offers.words import benefit

LARGEST = 1_000_000
"""Characters of a basket."""


class Order(click.ParamType[Record]):
    """`CONNECTION:ID`."""

    name = "CONNECTION:ID"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Record:
        """Take it apart at the first colon."""
        connection, colon, external_id = str(value).partition(":")
        if not (connection and colon and external_id):
            self.fail("name an order as CONNECTION:ID", param, ctx)
        return Record(connection, external_id)


@click.command()
@click.argument("person")
@click.option("--basket", "file", type=click.File(encoding="utf-8"), required=True, metavar="FILE")
@lang_option
@json_option
@click.pass_obj
def benefits(path: Path | None, person: str, file: TextIO, lang: str | None, as_json: bool) -> None:
    """
    Say what applies to a basket now. Also what is nearly reached, and what the purchase will earn.

    FILE is JSON (`-` is stdin): {"connection": "online", "lines": [{"amount_minor": 12000,
    "sku": "J-1", "category": "jeans"}]}. Nothing is written.
    """
    basket = _read(file)
    with counter(path) as desk:
        _check(desk, basket.connection)
        plugin, now = Points(desk.settings), datetime.now(UTC)
        with snapshot(desk.store, desk.trust) as (view, tx):
            found = plugin.benefits_now(
                the_one(desk.desk, tx, person, desk.trust), basket, view, now
            )
    if found is None:
        raise Unknown("nobody is there any more")
    data = found.model_dump(mode="json", exclude_none=True)
    shown = shown_benefits(found, basket.currency, language(lang))
    emit("points.benefits", data, as_json, shown, widest=CARD_WIDTH)


@click.command()
@click.argument("person")
@click.argument("offer")
@click.option("--order", type=Order(), required=True, help="With which order.")
@click.option("--key", help="The same key uses it once; else once for an order.")
@click.option("--pieces", type=click.IntRange(1, 1_000_000), default=1, help="Of limited items.")
@click.option("--undo", is_flag=True, help="Give it back, with all that it brought.")
@as_option()
@lang_option
@json_option
@click.pass_obj
def use(
    path: Path | None,
    person: str,
    offer: str,
    order: Record,
    key: str | None,
    pieces: int,
    undo: bool,
    staff: str,
    lang: str | None,
    as_json: bool,
) -> None:
    """Use an offer with an order, or give it back. It is one of `[plugins.points.offers]`."""
    said = language(lang)
    ask = Ask(offer, order, staff, key, pieces, said)
    with counter(path) as desk:
        _check(desk, order.connection)
        number = _meant(desk, person)
        uses = Uses(desk.store, desk.trust, desk.settings)
        left = uses.give_back(number, ask) if undo else uses.use(number, ask)
    done = "given_back" if undo else "used"
    data = {"offer": offer, "done": done, "left": left.own, "left_in_all": left.all}
    emit("points.use", data, as_json, shown_used(done, left, said))


@click.command("offers")
@lang_option
@json_option
@click.pass_obj
def list_(path: Path | None, lang: str | None, as_json: bool) -> None:
    """List all offers, and how often each was used. Of a birthday's: this year."""
    with counter(path) as desk:
        found = [_counted(desk, name, each) for name, each in desk.settings.offers.items()]
    data: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in found]
    shown = or_none(counted(found, language(lang)), "no offer is configured")
    emit("points.offers", {"offers": data}, as_json, shown)


def _counted(desk: Counter, name: str, offer: Offer) -> Counted:
    day = datetime.now(offer.zone).date()
    of = quota.unit(name, day.year if offer.birthday else None)
    books, shop = Books(desk.store), quota.shop(of)
    allotted, there = books.balances([*shop])
    return Counted(
        offer=name,
        title=offer.called(name),
        benefit=benefit(offer, name),
        since=offer.since,
        until=offer.until,
        used=books.sums(of).spent,
        left=quota.left(0, offer.total, (), allotted.points - there.points).all,
    )


def _check(desk: Counter, connection: str) -> None:
    if connection not in desk.desk.config.connections:
        raise click.UsageError(f"There is no connection {connection!r} in tokui.toml.")


def _meant(desk: Counter, person: str) -> int:
    with desk.store.read() as tx:
        return the_one(desk.desk, tx, person, desk.trust)


def _read(file: TextIO) -> Basket:
    try:
        text = file.read(LARGEST + 1)
    except UnicodeDecodeError:
        raise click.UsageError("The basket is not UTF-8.") from None
    if len(text) > LARGEST:
        raise click.UsageError("The basket is too large.")
    try:
        return Basket.model_validate_json(text)
    except ValidationError as error:
        what = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'it'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False, include_url=False)[:5]
        )
        raise click.UsageError(f"The basket: {what}") from None
