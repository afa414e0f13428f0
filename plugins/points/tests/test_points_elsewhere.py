"""What is said of points that another service keeps: with the moment at which it said so."""

from datetime import UTC, datetime, timedelta

import pytest
from tokui.connector import Balance, Expiring, Member
from tokui_points import elsewhere
from tokui_points.elsewhere import Elsewhere
from tokui_points.settings import PointsSettings, Programme

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
SOON = datetime(2026, 12, 9, 15, tzinfo=UTC)  # the 10th in Tokyo
CLUB = {"authority": "loyalty", "title": {"ja": "街のカード", "en": "Town card"}, "issuer": "card"}


def member(*expiring, points=120):
    balance = Balance(points, NOW - timedelta(hours=3), 5, expiring=expiring)
    programme = Programme.model_validate(CLUB)
    return Elsewhere("club", programme, Member("club", "M1"), "M-1", balance)


def test_the_standing_names_who_keeps_the_points_and_when_they_were_read():
    told = elsewhere.standing(member(Expiring(30, SOON)), NOW)

    assert (told.points, told.pending, told.member_no) == (120, 5, "M-1")
    assert (told.kept_by, told.as_of) == ("loyalty", NOW - timedelta(hours=3))
    assert (told.tier, [each.points for each in told.expiring]) == (None, [30])


def test_traits_have_the_moment_of_the_reading():
    traits = {each.name: each for each in elsewhere.traits(member(Expiring(30, SOON)), NOW)}

    assert {name: each.value for name, each in traits.items()} == {
        "club_points": 120,
        "club_points_expiring": 30,
    }
    assert {each.at for each in traits.values()} == {NOW - timedelta(hours=3)}


@pytest.mark.parametrize(
    ("lang", "text", "reason"),
    [
        (
            "ja",
            "街のカードのポイント30点が2026-12-09で失効することをお伝えする",
            "2026-12-09の23:59を過ぎると使えなくなります（2026-11-26 09:00時点の残高）",
        ),
        (
            "en",
            "Tell them that 30 points of Town card end on 2026-12-09",
            "They cannot be used after 23:59 on 2026-12-09 (balance as of 2026-11-26 09:00)",
        ),
    ],
)
def test_points_about_to_end_are_a_suggestion_with_its_moment(lang, text, reason):
    (said,) = elsewhere.suggestions(member(Expiring(30, SOON)), NOW, lang)

    assert (said.text, said.reason) == (text, reason)


def test_what_has_ended_since_the_reading_is_not_said_any_more():
    ended = member(Expiring(30, NOW))

    assert not [*elsewhere.suggestions(ended, NOW, "en")]
    assert elsewhere.standing(ended, NOW).expiring == ()


def test_only_programmes_of_others_are_mirrored():
    ours = {"earns_from": ["shop"]}
    settings = PointsSettings.model_validate({"programmes": {"town": CLUB, "club": ours}})

    [mirror] = elsewhere.mirrors(settings)
    assert (mirror.programme, mirror.connection, mirror.issuer) == ("town", "loyalty", "card")
