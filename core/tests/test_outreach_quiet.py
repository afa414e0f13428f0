"""Quiet hours: in any zone, across midnight, where clocks are turned."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokui.config import QuietSettings
from tokui.outreach.quiet import over_at

ZONES = ("Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu")
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
hours = st.builds(QuietSettings, start=times, end=times, timezone=st.sampled_from(ZONES))
moments = st.integers(0, 2 * 365 * 86_400).map(
    lambda seconds: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)

NIGHT = QuietSettings()


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-11-26T20:59:59+09:00", None),
        ("2026-11-26T21:00:00+09:00", "2026-11-27T09:00:00+09:00"),
        ("2026-11-27T00:00:00+09:00", "2026-11-27T09:00:00+09:00"),
        ("2026-11-27T08:59:59+09:00", "2026-11-27T09:00:00+09:00"),
        ("2026-11-27T09:00:00+09:00", None),
    ],
)
def test_the_night_is_over_at_nine(now, over):
    assert over_at(at(now), NIGHT) == (over and at(over))


def test_hours_within_one_day_end_on_it():
    siesta = QuietSettings(start=time(12), end=time(14), timezone="Asia/Tokyo")

    assert over_at(at("2026-11-26T12:30+09:00"), siesta) == at("2026-11-26T14:00+09:00")
    assert over_at(at("2026-11-26T15:00+09:00"), siesta) is None


def test_a_local_time_that_comes_twice_is_over_with_the_second():
    early = QuietSettings(start=time(22), end=time(1, 30), timezone="America/New_York")

    assert over_at(at("2026-11-01T01:10-05:00"), early) == at("2026-11-01T01:30-05:00")
    assert over_at(at("2026-11-01T01:10-04:00"), early) == at("2026-11-01T01:30-05:00")


def test_a_local_time_that_never_comes_does_not_end_them_early():
    late = QuietSettings(start=time(22), end=time(2, 30), timezone="America/New_York")

    assert over_at(at("2026-03-08T01:00-05:00"), late) == at("2026-03-08T03:30-04:00")


@given(moments, hours)
def test_whatever_the_zone_they_end_later_than_now_and_outside_of_them(now, quiet):
    over = over_at(now, quiet)

    assert over is None or (over > now and over_at(over, quiet) is None)
    assert over is None or over - now <= timedelta(hours=48)


@given(moments, times, times)
def test_where_no_clock_is_turned_every_minute_before_the_end_is_quiet(now, start, end):
    quiet = QuietSettings(start=start, end=end, timezone="Asia/Tokyo")
    minutes = (now.replace(second=0, microsecond=0) + timedelta(minutes=n) for n in range(1441))

    first = next(each for each in minutes if each >= now and over_at(each, quiet) is None)

    assert over_at(now, quiet) in (None, first)


@given(moments, times)
def test_equal_times_are_no_quiet_hours(now, same):
    assert over_at(now, QuietSettings(start=same, end=same)) is None
