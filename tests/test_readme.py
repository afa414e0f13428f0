"""The README tells the truth: its session, its configuration, its plugin."""

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from tokui import Checkable
from tokui_contracts import SourceContract
from tokui_contracts.example import StampSandbox

README = Path(__file__).parents[1] / "README.md"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def plugin():
    module = ModuleType("tokui_stamp")
    exec(compile(blocks("python")[0], str(README), "exec"), vars(module))
    return module


class CardsOnly(StampSandbox):
    def truth(self):
        return {"cards": super().truth()["cards"]}


class TestReadmeStamp(SourceContract):
    connector = plugin().Stamp
    sandbox = CardsOnly

    @pytest.mark.xfail(reason="has no check(), so that it fits on a page")
    def test_check_reports_refused_credentials(self, rig):
        assert issubclass(self.connector, Checkable)


def test_the_configuration_is_valid_with_the_plugins_that_it_names(shop, monkeypatch):
    for name in ("SHOPIFY_TOKEN", "LINE_TOKEN", "LINE_SECRET"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("MAIL_KEY", "x" * 32)
    shop.configure(blocks("toml")[0])

    shop.run("config", "validate")


def test_the_session_is_what_the_demo_prints(shop):
    running = shop.start("demo", "--lang", "en", COLUMNS="100")
    out, err = running.communicate(timeout=100)

    printed = {masked(line) for line in (out + err).splitlines()}

    assert [line for line in blocks("console")[0].splitlines() if masked(line) not in printed] == []


@pytest.mark.parametrize(
    "line", [line for block in blocks("console")[1:] for line in block.splitlines()]
)
def test_every_command_shown_exists(shop, line):
    words = line.removeprefix("$ tokui ").split()
    path = [word for word in words[:2] if word.isalpha() and word.isascii()]

    shop.run(*(path if path[0] not in ("sync", "status", "doctor") else path[:1]), "--help")


def test_the_entry_point_is_toml():
    assert tomllib.loads(blocks("toml")[1])["project"]["entry-points"]


def masked(line):
    """Without what differs from run to run: figures, and the room that they take."""
    return re.sub(r"\s+", " ", re.sub(r"\d[\d,.:-]*", "N", line)).strip()
