"""What an operator sees while a sync runs."""

import io
import time

import pytest
from rich.console import Console
from tokui.cli.progress import Bars, Lines, watching
from tokui.store.counts import Counts


def shown(act):
    screen = Console(file=io.StringIO(), force_terminal=True, width=100, _environ={})
    with Bars(screen) as bars:
        act(bars)
        bars._bars.refresh()
    return screen.file.getvalue()


def test_a_bar_names_the_stream_and_its_items():
    printed = shown(lambda bars: bars.page("shop", "orders", Counts(read=1_234)))

    assert "shop.orders" in printed
    assert "1,234" in printed


def test_a_wait_before_the_first_page_is_shown_on_one_line():
    def act(bars):
        bars.waiting("shop", 12, "429")
        bars._bars.refresh()
        bars.page("shop", "orders", Counts(read=1))

    printed = shown(act)

    assert "waiting 12 s (429)" in printed
    assert len(printed.splitlines()[-1:]) == 1
    assert "shop.orders" in printed


def test_a_short_wait_does_not_flicker():
    assert "waiting" not in shown(lambda bars: bars.waiting("shop", 0.2, "rate limit"))


def test_a_stream_that_failed_says_so():
    assert "failed" in shown(lambda bars: bars.ended("shop", "orders", "failed"))


def test_off_a_terminal_each_stream_says_how_it_ended(capsys):
    with Lines() as lines:
        lines.page("shop", "orders", Counts(read=500))
        lines.ended("shop", "orders", "done")

    assert capsys.readouterr().err == "shop.orders: 500 items, done\n"


def test_off_a_terminal_a_line_comes_from_time_to_time(capsys):
    with Lines(every_s=0.05) as lines:
        lines.page("shop", "orders", Counts(read=500))
        lines.waiting("till", 12, "429")
        time.sleep(0.3)

    err = capsys.readouterr().err
    assert "shop.orders: 500 items\n" in err
    assert "till: waiting 12 s (429)\n" in err


@pytest.mark.parametrize(
    ("environment", "kind"),
    [({"FORCE_COLOR": "1", "TERM": "xterm"}, Bars), ({"TERM": "dumb"}, Lines), ({}, Lines)],
)
def test_bars_are_for_terminals(monkeypatch, environment, kind):
    for name in ("FORCE_COLOR", "TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert isinstance(watching(), kind)
