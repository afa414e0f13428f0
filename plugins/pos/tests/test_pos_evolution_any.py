"""Any history of a file, as hypothesis writes it: what the files say is what is stored."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

HEADER = "receipt_id,sold_at,title,quantity,unit_price\n"
RECEIPT = st.integers(1, 12).map("R{}".format)
PRICE = st.integers(1, 9999)


def row(receipt: str, price: int, title: str = "茶") -> str:
    return f'{receipt},2026-09-01 10:00,"{title}",1,{price}\n'


class Evolution(RuleBasedStateMachine):
    """
    A till that does everything to its files, while tokui looks in at random moments.

    `truth` is what the newest statement about each receipt says; receipts whose rows were cut away
    keep what was stored. Each file has receipts of its own, so that no two files contradict.
    """

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.shop = SHOP[0](Path(self.directory.name), last_line_s=10**9)
        self.files: dict[str, list[tuple[str, int]]] = {}
        self.prefixes: dict[str, str] = {}
        self.halves: dict[str, str] = {}
        self.names = 0

    def teardown(self) -> None:
        self.directory.cleanup()

    def put(self, name: str) -> None:
        body = "".join(
            row(key, price, 'お茶, "上"\nと菓子'.replace('"', '""'))
            for key, price in self.files[name]
        )
        self.shop.write(name, HEADER + body + self.halves.get(name, ""))

    @rule(rows=st.lists(st.tuples(RECEIPT, PRICE), max_size=8))
    def create(self, rows: list[tuple[str, int]]) -> None:
        self.names += 1
        name = f"sales-{self.names}.csv"
        self.prefixes[name] = str(self.names)
        self.files[name] = [(f"{self.names}-{key}", price) for key, price in rows]
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), rows=st.lists(st.tuples(RECEIPT, PRICE), min_size=1, max_size=4))
    def append(self, data: st.DataObject, rows: list[tuple[str, int]]) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        prefix = self.prefixes[name]
        self.halves.pop(name, None)
        self.files[name] += [(f"{prefix}-{key}", price) for key, price in rows]
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), cut=st.integers(1, 30))
    def half_write(self, data: st.DataObject, cut: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.halves[name] = row(f"{name}-half", 5, "半分")[:cut]
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.names += 1
        new = f"sales-{self.names}-renamed.csv"
        (self.shop.folder / name).rename(self.shop.folder / new)
        self.files[new] = self.files.pop(name)
        self.prefixes[new] = self.prefixes.pop(name)
        if name in self.halves:
            self.halves[new] = self.halves.pop(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), add=PRICE)
    def rewrite(self, data: st.DataObject, add: int) -> None:
        """Every price changes, and some receipts are left out: those keep what was stored."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        changed = [(key, (price + add - 1) % 19997 + 1) for key, price in self.files[name]]
        rows = data.draw(st.permutations(changed))
        left_out = {key for key, _ in rows[data.draw(st.integers(0, len(rows))) :]}
        self.files[name] = [row for row in rows if row[0] not in left_out]
        self.put(name)

    @precondition(lambda self: any(self.files.values()))
    @rule(data=st.data(), price=PRICE)
    def correct(self, data: st.DataObject, price: int) -> None:
        """One price changes; the file may have fewer bytes then."""
        name = data.draw(st.sampled_from(sorted(name for name, rows in self.files.items() if rows)))
        place = data.draw(st.integers(0, len(self.files[name]) - 1))
        self.files[name][place] = (self.files[name][place][0], price)
        self.put(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def truncate(self, data: st.DataObject) -> None:
        """Cut at a row's end, in a file whose receipts are not scattered and have been read."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.halves.pop(name, None)
        self.files[name].sort(key=lambda found: found[0])
        self.put(name)
        self.shop.sync()
        before = list(self.files[name])
        keep = data.draw(st.integers(0, len(before)))
        whole = {key for key, _ in before[keep:]}
        self.files[name] = before[:keep]
        self.put(name)
        self.shop.sync()
        assert (
            self.stated([row for row in before if row[0] in whole]).items()
            <= self.shop.lines().items()
        )
        self.files[name] = [found for found in before[:keep] if found[0] not in whole]
        self.put(name)

    @rule(pages=st.integers(1, 3))
    def killed(self, pages: int) -> None:
        self.shop.sync(pages=pages)

    @staticmethod
    def stated(rows: list[tuple[str, int]]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for key, price in rows:
            found.setdefault(key, []).append(price)
        return found

    @invariant()
    def what_the_files_say_is_what_is_stored(self) -> None:
        self.shop.sync()
        stored = self.shop.lines()
        for rows in self.files.values():
            stated = self.stated(rows)
            assert stated == {key: stored.get(key) for key in stated}
        assert self.shop.refused == []
        assert self.shop.sync() == [] or self.halves


SHOP: list[Any] = []


def run(shop_class: Any, examples: int, steps: int) -> None:
    SHOP[:] = [shop_class]
    Evolution.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    Evolution.TestCase("runTest").runTest()


def test_files_may_evolve_in_any_way(shop_class):
    run(shop_class, examples=25, steps=15)


@pytest.mark.torture
@pytest.mark.timeout(600)
def test_files_may_evolve_in_any_way_for_long(shop_class):
    run(shop_class, examples=300, steps=30)
