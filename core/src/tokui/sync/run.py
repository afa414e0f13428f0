"""A run: every connection in a daemon thread of its own, watched, and stopped with care."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from tokui.errors import AuthError, LockedError, RetryableError, Stopped, StoreError
from tokui.store.engine import Store
from tokui.sync.follow import Follower
from tokui.sync.mirror import Mirrorer
from tokui.sync.progress import Progress, Silent
from tokui.sync.push import Pusher
from tokui.sync.report import RunReport
from tokui.sync.stream import Options
from tokui.sync.worker import Company, Plan, Worker

TICK_S = 0.1

T = TypeVar("T", Worker, Pusher, Mirrorer)


class Halt:
    """Lets a signal handler end a run; a page that is being written is finished first."""

    def __init__(self) -> None:
        self.requested = False
        self._workers: Sequence[Worker | Pusher | Mirrorer] = ()

    def request(self) -> None:
        """End the run."""
        self.requested = True
        for worker in self._workers:
            worker.stop.halt()

    def watch_over(self, workers: Sequence[Worker | Pusher | Mirrorer]) -> None:
        """These are the threads to end."""
        self._workers = workers
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
    workers = [Worker(store, plan, options, company, progress) for plan in plans]
    mirrors = () if options.dry_run else company.mirrors
    mirrorers = [Mirrorer(store, each, options, progress) for each in mirrors]
    followers = [] if options.dry_run else _follow(store, company)
    halt.watch_over(workers)
    for worker in workers:
        worker.start()
    _attend(workers, _is_on)
    if not options.dry_run:
        _write_back(store, workers, options, progress, halt)
        _mirror(mirrorers, workers, halt)
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


def _write_back(
    store: Store, workers: Sequence[Worker], options: Options, progress: Progress, halt: Halt
) -> None:
    """Tell the connections that were read what people said elsewhere."""
    able = [each for each in workers if each.plan.takes_back and _answers(each)]
    pushers = [
        Pusher(store, each.plan, progress, each.stop.deadline, options.stall_s) for each in able
    ]
    halt.watch_over([*workers, *pushers])
    for pusher in pushers:
        pusher.start()
    _attend(pushers, lambda pusher: pusher.is_alive() and not pusher.abandoned)
    for worker, pusher in zip(able, pushers, strict=True):
        worker.report.pushed = pusher.pushed
        if pusher.error and not isinstance(pusher.error, Stopped):
            worker.report.errors["write-back"] = pusher.error


def _mirror(mirrorers: Sequence[Mirrorer], workers: Sequence[Worker], halt: Halt) -> None:
    """Ask those who keep points, of the members that are known now."""
    halt.watch_over([*workers, *mirrorers])
    for each in mirrorers:
        each.start()
    _attend(mirrorers, lambda each: each.is_alive() and not each.abandoned)


def _attend(threads: Sequence[T], is_on: Callable[[T], bool]) -> None:
    """Watch threads until each has ended, or was given up."""
    while any(is_on(thread) for thread in threads):
        for thread in filter(is_on, threads):
            thread.join(TICK_S)
            if is_on(thread):
                thread.watch()


def _is_on(worker: Worker) -> bool:
    return worker.is_alive() and worker.report.state != "abandoned"


def _answers(worker: Worker) -> bool:
    """Was it read, so that it makes sense to tell it something?"""
    failed = (AuthError, RetryableError, LockedError, StoreError)
    errors = worker.report.errors.values()
    over = worker.report.state in ("done", "failed")
    return over and not any(isinstance(error, failed) for error in errors)
