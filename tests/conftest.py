"""A shop to run `tokui` in: a folder, a plugin that is really installed there, and a tokui.toml."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result
from two_shops import HUSBAND, LATER, MEGU, NAMELESS, TWIN, TWO

PLUGINS = Path(__file__).parent / "fixtures" / "plugins"
MODULES = ("notebook", "postbox")
OFFERS = {
    "tokui.connectors": {
        "notebook": "notebook:Notebook",
        "torn": "no_such_module:Torn",
        "plain-wrong": "notebook:KINDS",
        "postbox": "postbox:Postbox",
        "pigeon": "postbox:Pigeon",
    },
    "tokui.hooks": {"whispers": "notebook:Whispers", "minder": "postbox:Minder"},
    "tokui.commands": {"hello": "notebook:hello", "broken": "no_such_module:broken"},
}


@dataclass
class Shop:
    """
    A folder with a tokui.toml.

    Attributes:
        folder: It is the working directory.
    """

    folder: Path

    def configure(self, text: str) -> None:
        """Write tokui.toml."""
        (self.folder / "tokui.toml").write_text(text, encoding="utf-8")

    def write(self, people: Iterable[Mapping[str, Any]], file: str = "book.json") -> None:
        """Write a notebook."""
        (self.folder / file).write_text(json.dumps(list(people)), encoding="utf-8")

    def run(self, *args: str, code: int = 0) -> Result:
        """Run `tokui` in this process, and hold its exit code to what is expected."""
        from tokui.cli.root import tokui

        result = CliRunner().invoke(tokui, args, prog_name="tokui")
        assert result.exit_code == code, result.output
        return result

    def json(self, *args: str, code: int = 0) -> dict[str, Any]:
        """What a command prints with `--json`: one document, and nothing else on stdout."""
        printed: dict[str, Any] = json.loads(self.run(*args, "--json", code=code).stdout)
        return printed

    def start(
        self, *args: str, stdout: IO[str] | int = subprocess.PIPE, **environment: str
    ) -> "subprocess.Popen[str]":
        """Run `tokui` in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "tokui.cli", *args],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )


def person(number: int, **more: Any) -> dict[str, Any]:
    """A line of a notebook."""
    minutes, seconds = divmod(number, 60)
    at = f"2026-11-01T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}+00:00"
    return {"id": f"{number:05}", "at": at, "name": f"客{number}", **more}


BOOK = """
[connections.book]
use = "notebook"
file = "book.json"
"""


@pytest.fixture
def shop(tmp_path, monkeypatch, sqlite_template):
    """Its ledger is empty, and of this version."""
    site = tmp_path / "site"
    metadata = site / "tokui_notebook-1.2.dist-info"
    metadata.mkdir(parents=True)
    for module in MODULES:
        shutil.copy(PLUGINS / f"{module}.py", site)
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tokui-notebook\nVersion: 1.2\n"
    )
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in offers.items())
        for group, offers in OFFERS.items()
    )
    (metadata / "entry_points.txt").write_text("\n".join(groups))
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(folder)
    shop = Shop(folder)
    shop.configure(BOOK)
    shop.write(person(n) for n in range(5))
    shutil.copy(sqlite_template, folder / "tokui.sqlite3")
    yield shop
    for module in MODULES:
        sys.modules.pop(module, None)
    for name in ("", "tokui", "stamina"):  # a command sets how much they say
        logging.getLogger(name).setLevel(logging.NOTSET if name else logging.WARNING)


@pytest.fixture
def shops(shop):
    shop.configure(TWO)
    shop.write([MEGU])
    shop.write([TWIN, HUSBAND], "till.json")
    shop.run("sync")
    return shop


@pytest.fixture
def asked(shops):
    shops.write([TWIN, HUSBAND, {**NAMELESS, "at": LATER}], "till.json")
    shops.run("sync")
    assert shops.json("identity", "review")["open"] > 0
    return shops
