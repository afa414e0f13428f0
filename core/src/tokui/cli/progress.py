"""A run on the operator's screen: bars on a terminal, a status line every 30 s off it."""

import threading
import time
from typing import Self

from rich.console import Console
from rich.progress import Progress as RichProgress
from rich.progress import (
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from tokui.cli.output import console, note
from tokui.store.counts import Counts
from tokui.sync.progress import Progress

EVERY_S = 30.0
WORTH_SHOWING_S = 1.0
"""Shorter waits would only flicker."""


def watching() -> "Bars | Lines":
    """Show a run in the way that stderr can."""
    screen = console(err=True)
    return Bars(screen) if screen.is_terminal and not screen.is_dumb_terminal else Lines()


class Speed(ProgressColumn):
    """Items per second since the stream began."""

    def render(self, task: Task) -> Text:
        """Such as `1,200 /s`."""
        seconds = task.finished_time if task.finished else task.elapsed
        rate = task.fields["read"] / max(seconds or 0.0, 0.001)
        return Text(f"{rate:>7,.0f} /s" if task.fields["read"] else "", "dim")


class Bars(Progress):
    """One line for each stream, in place."""

    def __init__(self, screen: Console) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[tuple[str, str], TaskID] = {}
        self._current: dict[str, TaskID] = {}
        self._free_since: dict[str, float] = {}
        self._began = time.monotonic()
        self._bars = RichProgress(
            SpinnerColumn(finished_text="[green]✓[/green]"),
            TextColumn("{task.description}"),
            TextColumn("{task.fields[read]:>9,}", justify="right"),
            TextColumn("[dim]items[/dim]"),
            Speed(),
            TimeElapsedColumn(),
            TextColumn("[yellow]{task.fields[word]}[/yellow]"),
            console=screen,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def page(self, connection: str, stream: str, counts: Counts) -> None:
        """Move the stream's line."""
        with self._lock:
            self._bars.update(self._task(connection, stream), read=counts.read, word="")

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """Say on the connection's line what it waits for."""
        if seconds < WORTH_SHOWING_S:
            return
        with self._lock:
            task = self._current.get(connection)
            if task is None:
                task = self._task(connection, "")
            self._bars.update(task, word=f"waiting {seconds:.0f} s ({why})")

    def ended(self, connection: str, stream: str, state: str) -> None:
        """Stop the stream's line."""
        with self._lock:
            task = self._task(connection, stream)
            self._bars.update(task, total=1, completed=1, word="" if state == "done" else state)
            self._current.pop(connection, None)
            self._free_since[connection] = time.monotonic()

    def _task(self, connection: str, stream: str) -> TaskID:
        """The stream's line; one that waited before its first page was known is it."""
        key = (connection, stream)
        if key not in self._tasks:
            name = f"{connection}.{stream}" if stream else connection
            waiting = self._tasks.pop((connection, ""), None)
            self._tasks[key] = self._line(connection, name) if waiting is None else waiting
            self._bars.update(self._tasks[key], description=name)
        self._current[connection] = self._tasks[key]
        return self._tasks[key]

    def _line(self, connection: str, name: str) -> TaskID:
        """A new line. The stream began when the connection's last one ended, not at its first page."""
        line = self._bars.add_task(name, total=None, read=0, word="")
        began = self._free_since.get(connection, self._began)
        next(task for task in self._bars.tasks if task.id == line).start_time = began
        return line


class Lines(Progress):
    """A line every 30 s, for each stream that moved or waits."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._lock = threading.Lock()
        self._streams: dict[tuple[str, str], str] = {}
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._ticker.join()

    def page(self, connection: str, stream: str, counts: Counts) -> None:
        """Remember, for the next line."""
        with self._lock:
            self._streams.pop((connection, ""), None)
            self._streams[connection, stream] = f"{counts.read:,} items"

    def waiting(self, connection: str, seconds: float, why: str) -> None:
        """Remember, for the next line."""
        with self._lock:
            self._streams[connection, ""] = f"waiting {seconds:.0f} s ({why})"

    def ended(self, connection: str, stream: str, state: str) -> None:
        """Say it at once."""
        with self._lock:
            self._streams.pop((connection, ""), None)
            last = self._streams.pop((connection, stream), "0 items")
        note(f"{connection}.{stream}: {last}, {state}")

    def _tick(self) -> None:
        while not self._over.wait(self._every_s):
            with self._lock:
                now = dict(self._streams)
            for (connection, stream), word in now.items():
                note(f"{connection}.{stream}: {word}".replace(".:", ":"))
