import pytest
from pydantic import ValidationError
from tokui_points.settings import PointsSettings

CLUB = {"earns_from": ["shop"]}


def mistakes(**programmes):
    with pytest.raises(ValidationError) as wrong:
        PointsSettings.model_validate({"programmes": programmes})
    return str(wrong.value)


def rule(name, **more):
    return {"name": name, "rate": 2, **more}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"categories": ["Denim"]}),
        ({"days": ["2026-11-11"]}, {"weekdays": ["wed"]}),
        ({"days_of_month": [11]}, {"birthday": "month"}),
        ({"since": "2026-01-01"}, {"until": "2026-01-01"}),
    ],
)
def test_two_rules_that_may_fit_one_line_are_refused(one, other):
    rules = [rule("one", **one), rule("other", **other)]

    assert "rules one and other may fit one line" in mistakes(club={**CLUB, "rules": rules})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"categories": ["Denim"]}, {"categories": ["Hats"]}),
        ({"days": ["2026-11-11"]}, {"weekdays": ["thu"]}),
        ({"until": "2026-01-01"}, {"since": "2026-01-02"}),
        ({"priority": 1}, {}),
    ],
)
def test_two_rules_that_never_meet_or_have_an_order_are_fine(one, other):
    rules = [rule("one", **one), rule("other", **other)]

    PointsSettings.model_validate({"programmes": {"club": {**CLUB, "rules": rules}}})


def test_one_order_in_two_programmes_needs_the_word_of_both():
    stacked = {**CLUB, "stack": True}

    assert "would earn in club and in mall" in mistakes(club=CLUB, mall=stacked)
    PointsSettings.model_validate({"programmes": {"club": stacked, "mall": stacked}})


def test_what_another_system_keeps_earns_from_no_order_here():
    foreign = {"authority": "loyalty"}

    PointsSettings.model_validate({"programmes": {"club": CLUB, "mall": foreign}})
    assert "loyalty gives the points" in mistakes(mall={**foreign, "earns_from": ["shop"]})
    assert "must name the connections" in mistakes(club={})


@pytest.mark.parametrize(
    ("tiers", "what"),
    [
        ([{"name": "one", "spend": 1}], "the first tier is everybody's"),
        ([{"name": "one"}, {"name": "one", "spend": 1}], "two tiers have one name"),
        ([{"name": "one"}, {"name": "two"}], "tier two must need more than one"),
        ([], "at least 1 item"),
    ],
)
def test_tiers_climb_from_nothing(tiers, what):
    assert what in mistakes(club={**CLUB, "tiers": tiers})


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (rule("r", times=2), "needs one of `rate` and `times`"),
        ({"name": "r"}, "needs one of `rate` and `times`"),
        (rule("r", tiers=["gold"]), "there is no tier gold"),
        (rule("r", connections=["till"]), "till is not in `earns_from`"),
        (rule("r", days_of_month=[32]), "1 to 31"),
        (rule("r", rate=-1), "greater than or equal to 0"),
    ],
)
def test_a_rule_says_one_rate_for_what_there_is(wrong, what):
    assert what in mistakes(club={**CLUB, "rules": [wrong]})


def test_a_time_zone_that_does_not_exist_is_refused():
    assert "no such time zone" in mistakes(club={**CLUB, "timezone": "Asia/Osaka"})


def test_a_connection_that_is_not_configured_is_refused():
    context = {"connections": {"till"}}

    with pytest.raises(ValidationError, match="there is no connection `shop`"):
        PointsSettings.model_validate({"programmes": {"club": CLUB}}, context=context)


def test_points_that_end_before_they_can_be_spent_are_refused():
    said = mistakes(club={**CLUB, "pending_days": 30, "expiry": {"months": 1}})

    assert "end before they can be spent" in said
