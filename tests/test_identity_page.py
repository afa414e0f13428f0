"""
docs/explanation/identity.md tells the truth: its examples are what `tokui` answers.

`TOKUI_WRITE_EXAMPLES=1 pytest tests/test_identity_page.py` writes the answers into the page anew.
"""

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from tokui.connector import IdentifierRule
from tokui.identity.rules import Rules
from tokui.identity.sentences import SENTENCES
from tokui.model import Customer
from tokui.store import schema
from tokui.store.engine import Store
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch

PAGE = Path(__file__).parents[1] / "docs/explanation/identity.md"
EXAMPLE = re.compile(
    r"^### (\d+\. .+?)\n(.*?)```json\n(.*?)```\n\n```console\n(.*?)```", re.MULTILINE | re.DOTALL
)
OTHERS = 100_000
"""Other people of the shop: the more there are, the more look alike."""

IDENTIFIERS = (
    IdentifierRule("line_user_id", "unique", "our-line"),
    IdentifierRule("member_no", "strong", "our-card", check="mod10w3"),
)


def examples():
    return [each.groups() for each in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))]


def furnish(shop, records):
    """A ledger with these customers, in the order in which they came."""
    shop.configure('[store]\nurl = "sqlite:///tokui.sqlite3"\n')
    store = Store.open(f"sqlite:///{shop.folder}/tokui.sqlite3")
    schema.ready(store)
    with store.write() as tx:
        tx.allocate("profile", OTHERS)
    for name, record in records.items():
        connection, _, key = name.partition(":")
        rules = Rules(connection, {rule.kind: rule for rule in IDENTIFIERS})
        customer = Customer.model_validate({"external_id": key, **record})
        with store.write() as tx:
            write_batch(tx, rules, Batch(customers=[entry(customer)]))
    store.close()


def answered(shop, session):
    """What each command of a session prints."""
    for command in re.findall(r"^\$ tokui (.*)", session, re.MULTILINE):
        printed = shop.run(*shlex.split(command)).stdout
        lines = (line.rstrip() for line in printed.splitlines())
        yield "\n".join([f"$ tokui {command}", *lines]) + "\n"


@pytest.mark.parametrize("example", examples(), ids=lambda each: each[0].partition(".")[0])
def test_an_example_is_what_tokui_answers(shop, example, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    _, _, records, session = example
    furnish(shop, json.loads(records))

    printed = "\n".join(answered(shop, session))

    if os.environ.get("TOKUI_WRITE_EXAMPLES") == "1":
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            page.replace(
                records + "```\n\n```console\n" + session, records + "```\n\n```console\n" + printed
            ),
            encoding="utf-8",
        )
    else:
        assert printed == session


def test_there_are_twenty_examples_in_both_languages():
    sessions = [session for *_, session in examples()]

    assert len(sessions) == 20
    assert all("--lang en" in each and "--lang ja" in each for each in sessions)


def test_the_examples_show_most_of_what_can_be_said():
    page = PAGE.read_text(encoding="utf-8")

    unseen = [code for code, (_, english) in SENTENCES.items() if english not in page]

    assert len(unseen) < len(SENTENCES) / 2, unseen
