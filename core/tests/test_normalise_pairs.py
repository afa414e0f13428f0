"""Hundreds of real spellings: one thing has one key however it is written, and others never share it."""

from pathlib import Path

import pytest
from tokui.identity.normalise import Part, birth_date, normalise, place, read
from tokui.model import Address, PersonName

FIXTURES = Path(__file__).parent / "fixtures"


def pairs(name):
    lines = (FIXTURES / f"{name}.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


def agree(left: Part, right: Part) -> bool:
    return bool(left.written and left.written == right.written) or bool(
        set(left.sound) & set(right.sound)
    )


def share_a_key(kind, left, right):
    if kind == "family":
        return agree(*(read(PersonName(family=each)).family for each in (left, right)))
    if kind == "given":
        return agree(*(read(PersonName(given=each)).given for each in (left, right)))
    if kind == "name":
        one, other = (read(PersonName(display=each)) for each in (left, right))
        return agree(one.family, other.family) and agree(one.given, other.given)
    return key(kind, left) is not None and key(kind, left) == key(kind, right)


def key(kind, value):
    if kind == "address":
        return place(Address(line1=value)).town or None
    if kind == "date":
        return birth_date(value)
    return normalise("member_no" if kind == "card" else kind, value)


@pytest.mark.parametrize(("kind", "left", "right"), pairs("same"))
def test_two_spellings_of_one_thing_share_a_key(kind, left, right):
    assert share_a_key(kind, left, right)
    assert share_a_key(kind, right, left)


@pytest.mark.parametrize(("kind", "left", "right"), pairs("different"))
def test_two_things_share_no_key(kind, left, right):
    assert not share_a_key(kind, left, right)


def test_the_tables_are_large_enough_to_mean_something():
    assert len({*pairs("same")}) >= 300
    assert len({*pairs("different")}) >= 300
