"""Wrong ways to send, which the harness must catch."""

from datetime import timedelta
from random import Random

from tokui.outreach import commit, judge, settle
from tokui.store.parcels import new_key


def another_key_each_time() -> None:
    """Every try has a key of its own."""
    right, rng = judge.leased, Random()

    def wrong(box, now_us):
        return right(box._replace(key=new_key(rng)), now_us)

    judge.leased = wrong


def blindly_again() -> None:
    """What was interrupted, or not answered, is sent again, key or not."""
    right, after = settle.settle, settle.interrupted

    class Keyed:
        key_lifetime = timedelta(hours=24)

        def __init__(self, channel):
            self._channel = channel

        def __getattr__(self, name):
            return getattr(self._channel, name)

    commit.settle = lambda result, channel, *rest: right(result, Keyed(channel), *rest)
    commit.interrupted = lambda box, members, channel, now_us: after(
        box, members, Keyed(channel), now_us
    )
    judge.Judge.lifetime = property(lambda self: Keyed.key_lifetime, lambda self, value: None)
