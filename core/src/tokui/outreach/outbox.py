"""A run of the outbox: every connection in a daemon thread of its own, stopped with care."""

from collections.abc import Callable, Iterable
from random import Random

from tokui.outreach.courier import Courier
from tokui.outreach.plan import Options, Plan
from tokui.outreach.progress import OutboxReport, Progress, Silent
from tokui.outreach.say import Say
from tokui.store.engine import Store

TICK_S = 0.1


def send(
    store: Store,
    plans: Iterable[Plan],
    say: Say,
    options: Options,
    *,
    progress: Progress | None = None,
    halted: Callable[[], bool] = lambda: False,
    rng: Random | None = None,
) -> OutboxReport:
    """
    Send what is due by these connections, side by side.

    Never raises for what a connection does: one that fails, hangs or is throttled is in the report,
    and delays no other.

    Args:
        say: Who may refuse a message.
        options: For how long, and which messages.
        halted: Turns true when the run is to end; calls under way are finished first.
        rng: For keys and jitter.
    """
    rng, progress = rng or Random(), progress or Silent()
    couriers = [Courier(store, plan, say, options, progress, rng) for plan in plans]
    for courier in couriers:
        courier.start()
    stopped = False
    while any(courier.is_alive() for courier in couriers):
        for courier in couriers:
            courier.join(TICK_S)
        if halted() and not stopped:
            stopped = True
            for courier in couriers:
                courier.halt()
    return OutboxReport([courier.sent for courier in couriers], interrupted=halted())
