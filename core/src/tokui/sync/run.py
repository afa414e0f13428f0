"""A run: every connection in a daemon thread of its own, watched, and stopped with care."""

import time
from collections.abc import Iterable, Sequence

from tokui.store.engine import Store
from tokui.sync.follow import Follower
from tokui.sync.mirror import Mirrorer
from tokui.sync.progress import Progress, Silent
from tokui.sync.push import Pusher
from tokui.sync.report import RunReport
from tokui.sync.stream import Options
from tokui.sync.thread import ConnectionThread, Shared
from tokui.sync.worker import LASTING, Company, Plan, Worker

TICK_S = 0.1


class Halt:
    """Lets a signal handler end a run; a page that is being written is finished first."""

    def __init__(self) -> None:
        self.requested = False
        self._threads: Sequence[ConnectionThread] = ()

    def request(self) -> None:
        """End the run."""
        self.requested = True
        for thread in self._threads:
            thread.stop.halt()

    def watch_over(self, threads: Sequence[ConnectionThread]) -> None:
        """These are the threads to end."""
        self._threads = threads
        if self.requested:
            self.request()


def sync(
    store: Store,
    plans: Iterable[Plan],
    options: Options,
    company: Company | None = None,
    *,
    progress: Progress | None = None,
    halt: Halt | None = None,
) -> RunReport:
    """
    Read connections side by side until each is done, stopped, failed or given up.

    Never raises for what a connection does: one that fails, hangs or is throttled is in the report,
    and stops no other.
    """
    company, progress, halt = company or Company(), progress or Silent(), halt or Halt()
    deadline = time.monotonic() + options.max_duration_s if options.max_duration_s else None
    shared = Shared(store, options, progress, deadline)
    workers = [Worker(plan, company, shared) for plan in plans]
    followers = [] if options.dry_run else _follow(store, company)
    _attend(workers, halt)
    if not options.dry_run:
        _write_back(workers, shared, halt)
    mirrors = () if options.dry_run else company.mirrors
    mirrorers = [Mirrorer(each, shared) for each in mirrors]
    _attend(mirrorers, halt)
    for follower in followers:
        follower.finish(options.stall_s)
    failures = {each.plugin: each.failure for each in followers if each.failure}
    reports = [*(each.report for each in workers), *(each.report for each in mirrorers)]
    return RunReport(reports, halt.requested, failures)


def _follow(store: Store, company: Company) -> list[Follower]:
    followers = [
        Follower(store, plugin, hear, company.trust) for plugin, hear in company.followers.items()
    ]
    for follower in followers:
        follower.start()
    return followers


def _write_back(workers: Sequence[Worker], shared: Shared, halt: Halt) -> None:
    """Tell the connections that were read what people said elsewhere."""
    able = [each for each in workers if each.plan.takes_back and _answers(each)]
    pushers = [Pusher(each.plan, shared) for each in able]
    _attend(pushers, halt)
    for worker, pusher in zip(able, pushers, strict=True):
        worker.report.pushed = pusher.report.pushed
        worker.report.errors.update(pusher.report.errors)


def _attend(threads: Sequence[ConnectionThread], halt: Halt) -> None:
    """Start threads, and watch them until each has ended, or was given up."""
    halt.watch_over(threads)
    for thread in threads:
        thread.start()
    while any(thread.is_on for thread in threads):
        for thread in [each for each in threads if each.is_on]:
            thread.join(TICK_S)
            if thread.is_on:
                thread.watch()


def _answers(worker: Worker) -> bool:
    """Was it read, so that it makes sense to tell it something?"""
    errors = worker.report.errors.values()
    over = worker.report.state in ("done", "failed")
    return over and not any(isinstance(error, LASTING) for error in errors)
