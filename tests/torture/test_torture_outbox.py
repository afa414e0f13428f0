"""Whatever breaks: a provider with keys delivers each message once, one without keys never twice."""

import os
import signal
import time
from dataclasses import replace

import pytest
from crash_harness import wait_until_it_sleeps
from outbox_harness import MESSAGES, Harness, Tally
from outbox_provider import FAULTS, Provider
from outbox_withdrawal import Withdrawals, suppress

pytestmark = [pytest.mark.torture, pytest.mark.timeout(300)]

WEATHER = ("5xx", "429", "lost")
FAILPOINTS = ("outbox.leased", "outbox.sending", "outbox.answered", "outbox.written")


@pytest.fixture
def tally(request, outbox_tallies):
    found = Tally(request.node.name.removeprefix("test_"))
    outbox_tallies.append(found)
    return found


@pytest.fixture
def fire(store, store_url, tally):
    """A harness whose provider goes wrong."""
    provider = Provider()

    def light(channel, faults=FAULTS, per_cent=25, messages=MESSAGES, **how):
        provider.faults, provider.per_cent = faults, per_cent
        harness = Harness(store, store_url, provider, tally, channel, **how)
        harness.fill(messages)
        return harness

    yield light
    provider.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_with_keys_each_message_is_delivered_once(fire, fault):
    harness = fire("Carrier", (fault,), per_cent=4 if fault == "kill" else 25)

    harness.send_under_fire()

    assert harness.tally.is_clean, harness.tally
    assert (harness.tally.delivered, harness.tally.unknown) == (MESSAGES, 0)
    assert harness.provider.met[fault]


@pytest.mark.parametrize("fault", FAULTS)
def test_without_keys_nothing_is_sent_twice_and_what_nobody_knows_is_listed(fire, fault):
    harness = fire("Pigeon", (fault,), per_cent=4 if fault == "kill" else 25)

    harness.send_under_fire()

    assert harness.tally.is_clean, harness.tally
    in_doubt = fault in ("kill", "lost", "timeout", "reset")
    assert bool(harness.tally.unknown) == in_doubt
    assert harness.provider.met[fault]


def test_parcels_of_many_go_to_all_of_them_once(fire):
    harness = fire("BulkCarrier", per_cent=60, same=20)

    harness.send_under_fire()

    assert harness.tally.is_clean, harness.tally
    assert (harness.tally.delivered, harness.tally.unknown) == (MESSAGES, 0)


@pytest.mark.parametrize("channel", ["Carrier", "Pigeon"])
def test_death_at_every_step_of_a_call(fire, channel):
    harness = fire(channel, ())

    harness.send_under_fire(FAILPOINTS)

    assert harness.tally.is_clean, harness.tally
    assert harness.tally.kills
    assert channel == "Pigeon" or harness.tally.delivered == MESSAGES


@pytest.mark.parametrize("channel", ["Carrier", "Pigeon"])
def test_processes_side_by_side(fire, channel):
    harness = fire(channel, ("lost", "429"), per_cent=10)

    for child in [harness.start(harness.job) for _ in range(4)]:
        child.join()
    harness.tally.runs += 1
    harness.send_under_fire()

    assert harness.tally.is_clean, harness.tally
    assert channel == "Pigeon" or harness.tally.delivered == MESSAGES


def test_a_process_that_slept_on_its_permission_does_not_use_it(fire, store):
    harness = fire("Carrier", ())
    sleeper = harness.start(replace(harness.job, sleeps=True))
    wait_until_it_sleeps(sleeper)
    with store.write() as tx:
        for n in range(MESSAGES):
            suppress(tx, n, cancel=True)
    time.sleep(0.5)

    os.kill(sleeper.pid, signal.SIGCONT)
    sleeper.join()
    harness.send_under_fire()

    assert (harness.tally.delivered, harness.tally.spared) == (0, MESSAGES)


@pytest.mark.parametrize(
    ("channel", "mutant"),
    [("Forgetful", None), ("Carrier", "another_key_each_time"), ("Pigeon", "blindly_again")],
)
def test_the_harness_catches_its_mutants(fire, channel, mutant):
    harness = fire(channel, mutant=mutant)

    harness.send_under_fire()

    assert harness.tally.doubled


def test_nobody_is_called_who_took_a_consent_back_a_second_before(fire, store):
    harness = fire("Carrier", WEATHER, per_cent=2, messages=10_000, rules="shop")
    people = Withdrawals(store, harness)

    people.withdraw_while_sending(10_000, times=500)

    assert people.late() == 0
    assert harness.tally.is_clean, harness.tally
    assert harness.tally.delivered > 9_000
    assert harness.tally.spared > 100


def test_no_parcel_has_somebody_in_it_who_was_suppressed_a_second_before(fire, store):
    harness = fire("BulkCarrier", WEATHER, per_cent=2, messages=4_000, same=5)
    people = Withdrawals(store, harness)

    people.withdraw_while_sending(4_000, times=200)

    assert people.late() == 0
    assert harness.tally.is_clean, harness.tally
    assert harness.tally.delivered > 3_500
    assert harness.tally.spared > 40


def test_the_harness_catches_permissions_of_the_morning(fire, store):
    harness = fire("Carrier", (), messages=3_000, rules="morning")
    people = Withdrawals(store, harness)

    people.withdraw_while_sending(3_000, times=100)

    assert people.late() > 0
