"""A run: every connection in a daemon thread of its own, watched, and stopped with care."""

from collections.abc import Iterable, Sequence

from tokui.store.engine import Store
from tokui.sync.follow import Follower
from tokui.sync.progress import Progress, Silent
from tokui.sync.report import RunReport
from tokui.sync.stream import Options
from tokui.sync.worker import Company, Plan, Worker

TICK_S = 0.1


class Halt:
    """Lets a signal handler end a run; a page that is being written is finished first."""

    def __init__(self) -> None:
        self.requested = False
        self._workers: Sequence[Worker] = ()

    def request(self) -> None:
        """End the run."""
        self.requested = True
        for worker in self._workers:
            worker.stop.halt()

    def watch_over(self, workers: Sequence[Worker]) -> None:
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
    followers = [] if options.dry_run else _follow(store, company)
    halt.watch_over(workers)
    for worker in workers:
        worker.start()
    while any(_is_on(worker) for worker in workers):
        for worker in filter(_is_on, workers):
            worker.join(TICK_S)
            if _is_on(worker):
                worker.watch()
    for follower in followers:
        follower.finish(options.stall_s)
    failures = {each.plugin: each.failure for each in followers if each.failure}
    return RunReport([worker.report for worker in workers], halt.requested, failures)


def _follow(store: Store, company: Company) -> list[Follower]:
    followers = [
        Follower(store, plugin, hear, company.trust) for plugin, hear in company.followers.items()
    ]
    for follower in followers:
        follower.start()
    return followers


def _is_on(worker: Worker) -> bool:
    return worker.is_alive() and worker.report.state != "abandoned"
