"""How `tokui` starts, ends, and sets itself up."""

import json
import re
import subprocess
import sys

import pytest

HEAVY = ("pydantic", "sqlmodel", "sqlalchemy", "rich", "httpx", "alembic", "notebook")


@pytest.mark.parametrize("words", [["--help"], ["plugins", "--help"], ["--version"], ["nonsense"]])
def test_help_imports_no_plugin_and_no_heavy_library(shop, words):
    heavy = [name for name in HEAVY if words[0] != "plugins" or name in ("sqlmodel", "notebook")]
    script = f"""
import sys
from tokui.cli.root import tokui
try:
    tokui({words}, prog_name="tokui")
except SystemExit:
    print("heavy:", [name for name in {heavy} if name in sys.modules])
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.endswith("heavy: []\n")


def test_help_lists_every_command_with_its_own_words(shop):
    from tokui.cli.root import SECTIONS

    printed = shop.run("--help").stdout

    for name, lazy in (each for part in SECTIONS.values() for each in part.items()):
        assert re.search(rf"^  {name} +{re.escape(lazy.help[:20])}", printed, re.MULTILINE)
        assert shop.run(name, "--help").stdout.startswith(f"Usage: tokui {name}")


def test_examples_in_a_help_keep_their_lines(shop):
    assert "\n  tokui sync ginza-till           one of them\n" in shop.run("sync", "--help").stdout


GROUPS = "config connections consent customer db draw household identity message outbox points"


@pytest.mark.parametrize("group", [*GROUPS.split(), "quarantine", "state", "suppression"])
def test_no_help_of_a_command_is_cut_off(shop, group):
    assert "..." not in shop.run(group, "--help").stdout.partition("Commands:")[2]


def test_plugin_commands_are_listed_from_metadata_and_run(shop):
    assert "hello   from tokui-notebook 1.2" in shop.run("--help").stdout
    assert shop.run("hello").stdout == "hello\n"


def test_a_broken_plugin_command_is_named_and_breaks_no_other(shop):
    error = shop.run("broken", code=5).stderr

    assert error.startswith("error: broken (tokui-notebook 1.2): cannot be imported")
    shop.run("status")


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_terminal_that_knows_no_japanese_breaks_nothing(shop, more):
    shop.run("sync")

    running = shop.start("customer", "find", "客1", *more, PYTHONIOENCODING="ascii")
    out, err = running.communicate(timeout=60)

    assert (running.returncode, err) == (0, "")
    assert "客1" in str(json.loads(out)) if more else "?1" in out


def test_a_misspelt_command_is_guessed(shop):
    assert "Did you mean `sync`?" in shop.run("synk", code=2).stderr


def test_without_a_tokui_toml_it_says_what_to_do(shop):
    (shop.folder / "tokui.toml").unlink()

    assert "Run `tokui init`" in shop.run("sync", code=3).stderr


def test_the_file_can_be_named(shop):
    (shop.folder / "tokui.toml").rename(shop.folder / "other.toml")

    assert shop.json("-c", "other.toml", "sync")["total"]["stored"] == 5


def test_a_bug_is_one_line_without_what_it_was_about(shop):
    (shop.folder / "tokui.toml").unlink()
    (shop.folder / "tokui.toml").mkdir()
    script = """
from tokui.cli.exits import guarded
def bug(): raise KeyError("090-1234-5678")
raise SystemExit(guarded(bug))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 1
    assert "TOKUI_DEBUG=1" in ran.stderr
    assert "090" not in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_whoever_stops_reading_hears_no_complaint(shop):
    shop.run("sync")
    ran = subprocess.run(
        [
            "bash",
            "-c",
            f'"{sys.executable}" -m tokui.cli config show | head -c 1; exit "${{PIPESTATUS[0]}}"',
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_closed_streams_break_nothing(shop, closed):
    command = f'"{sys.executable}" -m tokui.cli sync {closed}'
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr
    assert shop.json("status")["customers"] == 5


def test_init_writes_a_file_that_is_valid_and_names_every_connector(shop):
    shop.run("init", "fresh")
    written = (shop.folder / "fresh" / "tokui.toml").read_text()

    assert '# use = "notebook"' in written
    assert "# torn (tokui-notebook 1.2): cannot be imported" in written
    assert shop.run("-c", "fresh/tokui.toml", "config", "validate")


def test_init_never_overwrites(shop):
    before = (shop.folder / "tokui.toml").read_text()

    assert "nothing was written" in shop.run("init", code=3).stderr
    assert (shop.folder / "tokui.toml").read_text() == before


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_is_printed_for_a_shell(shop, shell):
    assert "_TOKUI_COMPLETE" in shop.run("completion", shell).stdout
