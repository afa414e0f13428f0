"""Why points moved, in the language of staff."""

import re

import pytest
from tokui_points import reasons

NAMED = [text for name, text in vars(reasons).items() if name.isupper() and isinstance(text, str)]


@pytest.mark.parametrize("reason", [*NAMED, reasons.slid(12)])
def test_what_a_programme_gives_as_a_reason_is_there_in_japanese(reason):
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", reasons.said(reason, "ja"))


@pytest.mark.parametrize("why", [reasons.ANEW, reasons.NOBODYS, reasons.UNSETTLED, "cancelled"])
def test_what_became_of_an_order_is_there_in_japanese(why):
    told = reasons.said(reasons.of_order("1001", why), "ja")

    assert told.startswith("注文 1001: ")
    assert not re.search(r"[a-z]", told)


def test_the_names_of_rules_and_what_people_wrote_stay_as_they_are():
    assert reasons.said("order 1001: gold", "ja") == "注文 1001: gold"
    assert reasons.said("Mori: a gift, with joy", "ja") == "Mori: a gift, with joy"
