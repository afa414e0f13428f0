"""Whatever the weather, and however many ask at once: one effect for each key, at another service too."""

import itertools
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from tokui.connector import Earn, Member, Redeem, Reverse
from tokui.errors import LockedError, PolicyRefusal, TokuiError
from tokui.http import HttpSettings
from tokui.store import foreign
from tokui.sync.authority import Authority
from tokui_contracts.context import context
from tokui_contracts.faults import Fault, FaultProxy, at_random
from tokui_contracts.voucherify import APPLICATION, CAMPAIGN, CODE, SECRET, VoucherifySandbox
from tokui_points.voucherify.connector import Voucherify, VoucherifySettings

FAULTS = [Fault("broken"), Fault("limited"), Fault("reset"), Fault("midway"), Fault("truncated")]
LIMITS = HttpSettings(allow_private=True, tries=1)
MOST_ROUNDS = 200
HANA = Member("club", CODE.format(1))


@pytest.fixture
def service():
    with VoucherifySandbox() as service, FaultProxy(service.url) as proxy:
        service.proxy = proxy
        yield service


@contextmanager
def authority(store, service, seed):
    known = {"campaign": CAMPAIGN, "application_id": APPLICATION, "secret_key": SECRET}
    settings = VoucherifySettings.model_validate({**known, "base_url": service.proxy.url})
    lent = context("loyalty", seed=seed, http_limits=LIMITS)
    yield Authority(store, Voucherify("loyalty", settings, lent))
    lent.http.close()


def a_day():
    """Transfers that end at 331 points in whatever order they are taken."""
    spent = [Redeem(f"r{n}", HANA, 25, "") for n in range(2)]
    back = [Reverse("b0", HANA, "e0", "", 33), Reverse("b1", HANA, "r0", "", 14)]
    return [*(Earn(f"e{n}", HANA, 100, "") for n in range(4)), *spent, *back]


def doubtful(store, waiting):
    """What has no answer comes first."""
    with store.read() as tx:
        return next((each for each in waiting if foreign.get(tx, each.key)), None)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(3))
def test_in_any_weather_every_transfer_has_one_effect(store, service, seed, monkeypatch):
    now, minutes = datetime.now(UTC), itertools.count(step=6)
    monkeypatch.setattr(store, "_now", lambda: now + timedelta(minutes=next(minutes)))
    service.proxy.follow(at_random(seed, 0.3, FAULTS))
    waiting, rng = a_day(), random.Random(seed)
    with authority(store, service, seed) as there:
        for _ in range(MOST_ROUNDS):
            ask = doubtful(store, waiting) or rng.choice(waiting)
            with suppress(TokuiError):
                there.post(ask)
                waiting.remove(ask)
            if not waiting:
                break
    service.proxy.heal()

    assert waiting == []
    assert service.cards.balance(HANA.member_no) == 331
    with store.read() as tx:
        assert foreign.unanswered(tx) == []


@pytest.mark.torture
def test_of_many_who_ask_at_once_each_key_is_granted_once(store, service):
    service.cards.change(HANA.member_no, {"points": 100})
    asks = [[Redeem(f"k{(n + m) % 20}", HANA, 7, "") for n in range(20)] for m in range(2)]

    def post(there, ask):
        while True:
            try:
                return there.post(ask)
            except LockedError:
                time.sleep(0.001)
            except PolicyRefusal:
                return None

    def ask_all(number):
        with authority(store, service, number) as there:
            return [answer.key for ask in asks[number % 2] if (answer := post(there, ask))]

    with ThreadPoolExecutor(4) as pool:
        granted = [key for keys in pool.map(ask_all, range(4)) for key in keys]

    assert len({*granted}) == 14
    assert service.cards.balance(HANA.member_no) == 2
