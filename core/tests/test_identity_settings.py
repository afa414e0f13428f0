from pathlib import Path

import pytest
from tokui import Customer, Identifier
from tokui.config import ConfigProblems, read
from tokui.connector import IdentifierRule, Stream
from tokui.identity.rules import Rules
from tokui.identity.settings import policy, rules
from tokui.identity.weigh import Policy

TOML = """
[identity]
merge = 2.5
max_records = 4
relays = ["@fw.example.jp"]

[identity.blocked]
phone = ["03-1234-5678"]
patterns.email = ["test.*"]

[identity.check_digits]
my-card = "luhn"

[connections.till]
use = "till"
identity = { duplicates = "never", identifiers = { email = "strong", staff_no = "blocked" } }
"""
STREAM = Stream("customers", (Customer,), identifiers=(IdentifierRule("email", "shareable"),))


def made(folder: Path, text: str = TOML) -> Rules:
    path = folder / "tokui.toml"
    path.write_text(text, encoding="utf-8")
    return rules(read(path, {}), "till", STREAM)


def bearer(*identifiers: Identifier) -> Customer:
    return Customer(external_id="1", identifiers=identifiers)


def test_the_thresholds_are_thousandths_and_duplicates_go_by_connection(tmp_path: Path) -> None:
    made(tmp_path)

    found = policy(read(tmp_path / "tokui.toml", {}))

    assert (found.merge, found.review, found.max_records, found.max_readings) == (2500, 0, 4, 3)
    assert found.duplicates == {"till": "never"}


def test_what_is_not_said_is_as_matching_has_it(tmp_path: Path) -> None:
    made(tmp_path, "[connections.till]\nuse = 'till'\n")

    assert policy(read(tmp_path / "tokui.toml", {})) == Policy(duplicates={"till": "evidence"})


def test_a_blocked_value_is_none_however_it_is_written(tmp_path: Path) -> None:
    written = [
        Identifier(kind="phone", value="０３（１２３４）５６７８"),
        Identifier(kind="email", value="Test1@x.jp"),
    ]

    assert made(tmp_path).numbers(bearer(*written)) == {}


def test_the_operators_word_takes_the_place_of_the_connectors(tmp_path: Path) -> None:
    customer = bearer(
        Identifier(kind="email", value="hana@example.jp"), Identifier(kind="staff_no", value="17")
    )

    assert made(tmp_path).numbers(customer) == {"email:*": {"hana@example.jp": "strong"}}


def test_a_relay_of_the_operators_names_a_person_to_one_source_only(tmp_path: Path) -> None:
    customer = bearer(Identifier(kind="email", value="q7@fw.example.jp"))

    assert set(made(tmp_path).numbers(customer)) == {"email:till"}


@pytest.mark.parametrize(
    ("number", "worth"), [("79927398713", "strong"), ("79927398710", "shareable")]
)
def test_a_card_that_fails_its_issuers_check_digit_proves_less(
    tmp_path: Path, number: str, worth: str
) -> None:
    customer = bearer(Identifier(kind="member_no", value=number, issuer="my-card"))

    assert made(tmp_path).numbers(customer) == {"member_no:my-card": {number: worth}}


def test_a_blocked_value_that_would_block_nothing_is_a_mistake_with_its_place(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigProblems) as caught:
        made(tmp_path, TOML.replace('["03-1234-5678"]', '["03-1234-5678", "03-12"]'))

    [problem] = caught.value.problems
    assert (problem.line, problem.column) == (8, 26)
    assert "this is no phone" in problem.what
