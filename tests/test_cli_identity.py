"""`tokui identity`, and what people decide on profiles."""

import pytest

TWO = """
[connections.book]
use = "notebook"
file = "book.json"

[connections.till]
use = "notebook"
file = "till.json"
"""
AYA = {
    "id": "b1",
    "at": "2026-11-01T00:00:00+00:00",
    "name": "大江",
    "given": "芽久",
    "birthday": "1985-04-12",
    "email": "megu.ooe@example.com",
}


@pytest.fixture
def shops(shop):
    shop.configure(TWO)
    shop.write([AYA, {**AYA, "id":"b2", "given":"茂朝", "birthday":"1955-01-02"}])
    shop.write([{**AYA, "id": "t1", "birthday":"1985-04-12"}, {**AYA, "id": "t2", "given":"健", "birthday":"1984-04-12"}], "till.json")
    shop.run("sync")
    return shop


def test_try(shops):
    for args in (["identity","rules"],["identity","rules","--json"],["identity","stats"],["identity","stats","--json"],["identity"],["identity","explain","book:b1","till:t1"],["identity","explain","book:b1","till:t1","--lang","ja"],["identity","explain","1","2"],["identity","review"],["identity","review","--json"],["customer","history","1"],["customer","merge","book:b1","till:t2","--as","Yuki"],["customer","history","1","--lang","ja"],["customer","unmerge","profile:1","--as","Yuki","--dry-run"],["customer","unmerge","profile:1","--as","Yuki","--yes"],["customer","history","1"],["customer","split","1","till:t1","--as","Yuki","--yes"],["customer","find","大江"],["identity","explain","book:b1","till:t1"]):
        from click.testing import CliRunner
        from tokui.cli.root import tokui
        print("$ tokui", *args); print(CliRunner().invoke(tokui, args, prog_name="tokui").output)
    assert 0
