"""The wheel is exactly as likely as the odds say."""

import runpy
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tokui.store.chains import seal
from tokui_points.gacha import publication
from tokui_points.gacha.terms import Draw
from tokui_points.gacha.wheel import Slot, at, drawn, numbers, ticket
from tokui_points.settings import PointsSettings

WHEEL = [Slot("first", 1, None), Slot("second", 3, None), Slot("third", 16, None)]
SEED = bytes(range(32))


@pytest.mark.parametrize("total", [1, 3, 7, 100, 255])
def test_every_ticket_is_exactly_as_likely_as_the_others(total):
    space = 256
    tickets = Counter(ticket([value, 0], total, space) for value in range(space))
    skipped = space % total

    tickets[0] -= skipped
    assert {*tickets.values()} == {space // total}
    assert {*tickets} == {*range(total)}


def test_every_prize_has_exactly_its_tickets():
    won = Counter(at(WHEEL, number).name for number in range(20))

    assert won == {"first": 1, "second": 3, "third": 16}


def test_many_draws_come_out_as_the_odds_say():
    draws = 20_000
    won = Counter(drawn(SEED, f"spring/{n}", WHEEL, None) for n in range(draws))

    expected = {slot.name: draws * slot.tickets / 20 for slot in WHEEL}
    chi_square = sum((won[name] - many) ** 2 / many for name, many in expected.items())
    assert chi_square < 9.21  # 1 % of fair wheels with three prizes are beyond it


def test_what_a_draw_brings_depends_on_the_seed_and_the_number_alone():
    again = [drawn(SEED, f"spring/{n}", WHEEL, None) for n in range(50)]

    assert again == [drawn(SEED, f"spring/{n}", WHEEL, None) for n in range(50)]
    assert again != [drawn(SEED[::-1], f"spring/{n}", WHEEL, None) for n in range(50)]
    assert next(numbers(SEED, "spring/1")) != next(numbers(SEED, "spring/11"))


SLOTS = st.lists(
    st.tuples(st.integers(1, 10**12), st.one_of(st.none(), st.integers(0, 2))), min_size=1
).map(lambda found: [Slot(str(n), *each) for n, each in enumerate(found)])


@given(SLOTS, st.binary(min_size=32, max_size=32))
def test_what_is_gone_is_never_drawn(wheel, seed):
    there = {slot.name for slot in wheel if slot.left != 0}

    won = drawn(seed, "spring/1", wheel, None)
    assert won in there if there else won is None
    assert drawn(seed, "spring/1", [*wheel, Slot("thanks", 1, None)], "thanks") in {
        *there,
        "thanks",
    }


def published(wheel, seed, instead, draws=12):
    """Lines of a draw that was played on a wheel until it is over, or nothing is left."""
    prizes = [{"name": name, "tickets": many, "stock": left} for name, many, left in wheel]
    rules = {"name": "spring", "instead": instead, "prizes": prizes}
    lines = [seal(None, {"rules": rules, "commitment": sha256(seed).hexdigest()})]
    for n in range(1, draws):
        won = drawn(seed, f"spring/{n}", wheel, instead)
        if won is None:
            break
        lines.append(seal(lines[-1], {"prize": won}))
        wheel = [slot._replace(left=slot.left and slot.left - (slot.name == won)) for slot in wheel]
    return [*lines, seal(lines[-1], {"seed": seed.hex()})]


@settings(max_examples=50, deadline=None)
@given(SLOTS, st.binary(min_size=32, max_size=32), st.booleans())
def test_the_verifier_draws_what_the_wheel_draws(wheel, seed, replaced):
    wheel = [*wheel, Slot("thanks", 1, None)] if replaced else wheel
    lines = published(wheel, seed, "thanks" if replaced else None)

    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = publication.write(lines, Path(folder), "spring")
        patch.setattr(sys, "argv", ["verify", str(file), *(line.hash for line in lines)])
        runpy.run_path(str(publication.VERIFIER))


PRIZE = {"name": "first", "odds": "1/200", "stock": 3}
REST = {"name": "thanks", "odds": "99.5%"}


def draw(**more):
    return Draw.model_validate(
        {
            "since": "2026-11-01",
            "until": "2026-12-31",
            "secret_file": "spring.secret",
            "cost": {"kind": "daily"},
            "prizes": [PRIZE, REST],
            **more,
        }
    )


def test_odds_are_exact():
    made = draw()

    assert made.tickets == 200
    assert [made.share(prize) for prize in made.prizes] == [1, 199]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"prizes": [PRIZE, {**REST, "odds": "99%"}]}, "add up to 199/200"),
        ({"prizes": [{**PRIZE, "odds": "0.005"}, REST]}, "written as"),
        ({"prizes": [PRIZE, {**REST, "name": "first"}]}, "one name"),
        ({"instead": "first"}, "no `stock`"),
        ({"until": "2026-10-01"}, "before"),
        ({"cost": {"kind": "points", "points": 3}}, "takes points and programme"),
        ({"cost": {"kind": "daily", "points": 3}}, "takes nothing else"),
        ({"prizes": [{**PRIZE, "odds": "1/999999999989"}, {**REST, "odds": "1/7"}]}, "add up"),
        ({"timezone": "Asia/Edo"}, "no such time zone"),
    ],
)
def test_a_draw_that_cannot_be_fair_is_refused(wrong, why):
    with pytest.raises(ValidationError, match=why):
        draw(**wrong)


LINKED = {"kind": "purchase", "connections": ["shop"], "for_each": 1_000}


@pytest.mark.parametrize(
    ("name", "cost", "why"),
    [
        ("spring", {"kind": "points", "programme": "klub", "points": 1}, "no programme klub"),
        ("spring", LINKED, "no connection `shop`"),
        ("Spring!", {"kind": "daily"}, "match pattern"),
    ],
)
def test_a_draw_is_of_programmes_and_connections_that_are_there(name, cost, why):
    draws = {name: draw(cost=cost).model_dump()}

    with pytest.raises(ValidationError, match=why):
        PointsSettings.model_validate({"draws": draws}, context={"connections": ["till"]})
