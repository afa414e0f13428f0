"""What statements of consent come to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.outreach.consent import is_proof, standing
from tokui.store.consents import NO, Said

HERE, THERE = "email:*:megu@example.jp", "email:*:old@example.jp"
LONG_AGO, EARLY, LATE, NOW = 1, 100, 200, 1000


def said(state: Any, at: int = EARLY, **more: Any) -> Said:
    whole: dict[str, Any] = {
        "customer_id": 1,
        "contact": "email",
        "purpose": "marketing",
        "topic": "",
        "state": state,
        "occurred_us": at,
        "at_us": NOW,
        "evidence": "form",
        "points": (HERE,),
        **more,
    }
    return Said(**whole)


def state(*statements: Said, topic: str | None = None) -> str:
    return standing(statements, HERE, "marketing", topic).reason


@pytest.mark.parametrize(
    ("statements", "comes_to"),
    [
        ([], "unknown"),
        ([said("granted")], "granted"),
        ([said("unknown")], "unknown"),
        ([said("granted"), said("unknown", LATE)], "granted"),
        ([said("granted", evidence=""), said("unknown")], "unknown"),
        ([said("granted", evidence="import"), said("unknown")], "unknown"),
        ([said("granted", evidence="import")], "granted"),
        ([said("denied"), said("granted", LATE)], "granted"),
        ([said("granted"), said("revoked", LATE)], "revoked"),
        ([said("denied"), said("granted", EARLY)], "denied"),
        ([said("denied"), said("granted", LATE, evidence="")], "denied"),
        ([said("denied"), said("granted", LATE, evidence="import")], "denied"),
        ([said("denied"), said("granted", LATE, evidence=" Import ")], "denied"),
        ([said("denied", 0), said("granted", LATE)], "denied"),
        ([said("denied", 0, at_us=150), said("granted", LATE)], "granted"),
        ([said("denied", LONG_AGO), said("granted", 0)], "denied"),
        ([said("granted", 9_999), said("denied", 2_000, at_us=2_000)], "denied"),
        ([said("granted", points=(THERE,))], "unknown"),
        ([said("granted", purpose="service")], "unknown"),
        ([said("granted"), said("denied", contact="any", points=())], "nowhere"),
        ([said("granted", LATE), said("denied", contact="any", points=())], "nowhere"),
        (
            [said("denied", contact="any", points=()), said("granted", LATE, contact="any")],
            "granted",
        ),
    ],
)
def test_what_statements_come_to(statements, comes_to):
    assert state(*statements) == comes_to


@pytest.mark.parametrize(
    ("statements", "comes_to"),
    [
        ([said("granted")], "granted"),
        ([said("granted"), said("denied", LONG_AGO, topic="sale")], "denied"),
        ([said("granted", LATE), said("denied", topic="sale")], "denied"),
        ([said("denied"), said("granted", LONG_AGO, topic="sale")], "denied"),
        ([said("denied"), said("granted", LATE, topic="sale")], "granted"),
        ([said("denied"), said("granted", LATE, topic="sale", evidence="import")], "denied"),
        ([said("unknown"), said("granted", topic="sale")], "granted"),
        ([said("unknown"), said("granted", topic="sale", evidence="")], "unknown"),
        ([said("granted"), said("unknown", topic="sale")], "granted"),
        ([said("granted", topic="news")], "unknown"),
        ([said("granted"), said("denied", LATE, topic="news")], "granted"),
    ],
)
def test_what_statements_on_a_topic_come_to(statements, comes_to):
    assert state(*statements, topic="sale") == comes_to


TIMES = st.sampled_from([0, LONG_AGO, EARLY, LATE, 5_000])
STATEMENTS = st.builds(
    said,
    st.sampled_from(["granted", "denied", "revoked", "unknown"]),
    TIMES,
    customer_id=st.sampled_from([1, 2]),
    contact=st.sampled_from(["email", "email", "any"]),
    topic=st.sampled_from(["", "sale"]),
    evidence=st.sampled_from(["", "import", "form", "staff"]),
    points=st.sampled_from([(HERE,), (THERE,), (HERE, THERE), ()]),
    at_us=st.sampled_from([EARLY, NOW]),
)
MANY = st.lists(STATEMENTS, max_size=6)
TOPICS = st.sampled_from([None, "sale"])


@given(MANY, st.randoms(use_true_random=False), TOPICS)
def test_neither_order_nor_repetition_matters(statements, rng, topic):
    again = statements + rng.choices(statements, k=3) if statements else []
    rng.shuffle(again)

    found = standing(again, HERE, "marketing", topic)

    assert found == standing(statements, HERE, "marketing", topic)


@given(MANY, STATEMENTS, TOPICS)
def test_only_newer_proof_turns_a_no_into_a_yes(statements, more, topic):
    before = standing(statements, HERE, "marketing", topic)
    after = standing([*statements, more], HERE, "marketing", topic)

    if before.state in NO and after.granted:
        assert before.because
        assert more.state == "granted"
        assert is_proof(more.evidence)
        assert min(more.occurred_us, more.at_us) > min(
            before.because.occurred_us or before.because.at_us, before.because.at_us
        )


@given(MANY, STATEMENTS, TOPICS)
def test_nothing_but_a_grant_ever_makes_a_yes(statements, more, topic):
    before = standing(statements, HERE, "marketing", topic)
    after = standing([*statements, more], HERE, "marketing", topic)

    if after.granted and not before.granted:
        assert more.state == "granted"
        assert before.because is None or is_proof(more.evidence)


@given(MANY, TOPICS)
def test_a_grant_never_carries_to_another_address(statements, topic):
    elsewhere = [each._replace(points=(THERE,)) for each in statements]

    assert not standing(elsewhere, HERE, "marketing", topic).granted


@given(MANY, TOPICS)
def test_who_wants_to_hear_nothing_more_hears_nothing(statements, topic):
    nowhere = said("denied", 5_000, contact="any", points=(), at_us=5_000)

    assert standing([*statements, nowhere], HERE, "marketing", topic).nowhere
