import re
from itertools import chain
from typing import get_args

import pytest
from pydantic import JsonValue
from tokui.identity.explain import Standing, explain, odds, sentence, spoken
from tokui.identity.link import THE_SOURCE
from tokui.identity.match import Judgement
from tokui.identity.region import ANSWERED
from tokui.identity.sentences import NOTHING, OBJECTIONS, RIVALS, SAID, SENTENCES, VERDICTS, Lang
from tokui.identity.terms import TERMS, Term
from tokui.identity.weigh import Objection, Policy, voted

PHONE = Term("mobile.same", 800, 15_000)
GIVEN = Term("given.same", 4_800, 6_000)
BIRTHDAY = Term("birthday.differ", -4_500, -4_500)
NOBODY = Judgement(0, 0, 0, ())
VOTES = [
    voted(NOBODY, {verdict}, Policy()).terms[0].code for verdict in ("same", "different", "ask")
]


def judged(score: int, *terms: Term) -> Judgement:
    return Judgement(score, score, 0, terms)


@pytest.mark.parametrize("code", [*TERMS, "family.same", *VOTES])
def test_every_term_has_a_sentence_in_both_languages(code: str) -> None:
    term = Term(code, 0, 0)

    assert sentence(term, "ja").endswith("。")
    assert re.fullmatch(r"[A-Z][^。]+\.", sentence(term, "en"))


@pytest.mark.parametrize(
    "evidence",
    [*([list(term)] for term in ANSWERED.values()), THE_SOURCE.evidence],
)
def test_what_a_decision_rests_on_is_said_in_both_languages(evidence: list[JsonValue]) -> None:
    [japanese], [english] = spoken(evidence, "ja"), spoken(evidence, "en")

    assert japanese.endswith("。")
    assert re.fullmatch(r"[A-Z][^。]+\.", english)


def test_every_objection_has_a_sentence() -> None:
    assert set(OBJECTIONS) == set(get_args(Objection))


def test_no_sentence_is_left_of_a_term_that_is_no_more() -> None:
    assert set(SENTENCES) == {
        *TERMS,
        "family.same",
        "family.same.common",
        "family.same.rare",
        *VOTES,
    }


def test_japanese_is_japanese_and_english_is_english() -> None:
    tables = (SENTENCES, SAID, OBJECTIONS, RIVALS, VERDICTS, {"": NOTHING})
    pairs = list(chain.from_iterable(table.values() for table in tables))

    assert all(re.search("[ぁ-ん]", japanese) for japanese, _ in pairs)
    assert all(english.isascii() for _, english in pairs)


@pytest.mark.parametrize(
    ("score", "standing", "verdict"),
    [
        (3000, Standing(), "same"),
        (900, Standing(), "asked"),
        (-2000, Standing(), "apart"),
        (3000, Standing(objection="conflict"), "asked"),
        (3000, Standing(objection="answer"), "apart"),
        (3000, Standing(objection="duplicates.never"), "apart"),
        (3000, Standing(answer="different"), "apart"),
        (-9000, Standing(answer="same"), "same"),
        (-9000, Standing(together=True), "same"),
    ],
)
def test_the_verdict_follows_the_policy_and_how_the_two_stand(
    score: int, standing: Standing, verdict: str
) -> None:
    assert explain(judged(score, GIVEN), "en", standing=standing).verdict == verdict


def test_two_who_are_linked_through_others_are_said_to_be() -> None:
    said = explain(judged(-2_000, GIVEN), "en", standing=Standing(together=True))

    assert said.summary[0] == (
        "The same person through other records; by these two alone, the odds are 1 to 7.4."
    )


def test_what_forbids_a_link_is_said() -> None:
    said = explain(judged(3_000, GIVEN), "ja", standing=Standing(objection="duplicates.review"))

    assert said.summary[1] == "同じ店の二つの登録なので、人の確認が必要です。"


def test_a_source_whose_records_are_never_joined_is_said_to_be_one() -> None:
    said = explain(judged(3_000, GIVEN), "en", standing=Standing(objection="duplicates.never"))

    assert said.summary[:2] == [
        "Not linked: the odds are 20 to 1.",
        "They are two records of one source, whose records are never joined by a rule.",
    ]


def test_a_shared_phone_leaves_the_family_as_the_closer_rival() -> None:
    said = explain(judged(700, PHONE), "ja")

    assert said.rival == "family"
    assert said.reasons[0] == (
        "mobile.same",
        "some",
        "同じ携帯電話番号ですが、家族で共有されることがあります。",
    )


def test_a_name_alone_leaves_a_stranger_as_the_closer_rival() -> None:
    assert explain(judged(-3_000, GIVEN), "en").rival == "stranger"


def test_reasons_come_strongest_first_and_those_against_last() -> None:
    said = explain(judged(1000, BIRTHDAY, PHONE, GIVEN), "en")

    assert [each.code for each in said.reasons] == ["given.same", "mobile.same", "birthday.differ"]
    assert [each.strength for each in said.reasons] == ["strong", "some", "strongly against"]


@pytest.mark.parametrize(
    ("weight", "says"),
    [(4_200, "many people"), (6_500, "are the same."), (10_000, "few people have this one")],
)
def test_a_family_name_says_how_rare_it_is(weight: int, says: str) -> None:
    assert says in sentence(Term("family.same", 0, weight), "en")


@pytest.mark.parametrize(
    ("score", "lang", "written"),
    [(3_689, "en", "40 to 1"), (-3_689, "ja", "1対40"), (30_000, "en", "10,000 to 1")],
)
def test_odds_are_written_for_people(score: int, lang: Lang, written: str) -> None:
    assert odds(score, lang) == written


def test_two_who_share_nothing_cannot_be_compared() -> None:
    assert explain(NOBODY, "en").summary[-1] == "There is nothing to compare."
