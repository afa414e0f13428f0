"""What staff read of a refusal: a sentence in both languages, and never a value."""

import re
from pathlib import Path
from typing import get_args

import pytest
import tokui.outreach
from tokui.model import Suppression
from tokui.outreach import sentences
from tokui.outreach.consent import Standing
from tokui.outreach.sentences import SENTENCES, sentence

CODES = [
    *(f"suppression.{each}" for each in get_args(Suppression.model_fields["reason"].annotation)),
    *(f"consent.{Standing(state).reason}" for state in ("unknown", "denied", "revoked")),
    f"consent.{Standing('denied', nowhere=True).reason}",
]


def written():
    """Rule and reason of every `Denied("rule", "code")` in the code."""
    folder = Path(tokui.outreach.__file__).parent
    text = "\n".join(each.read_text("utf-8") for each in folder.glob("*.py"))
    return {f"{rule}.{code}" for rule, code in re.findall(r'Denied\(\s*"(\w+)", "(\w+)"', text)}


@pytest.mark.parametrize("code", sorted({*CODES, *written()} - {"cap.one_at_a_time"}))
def test_every_reason_that_is_a_code_is_a_sentence_in_both_languages(code):
    japanese, english = SENTENCES[code]

    assert japanese.endswith("。")
    assert english.endswith(".")


def test_what_others_say_is_told_in_their_own_words_with_who_says_it():
    assert sentence("hook:gifts", "they wait for a parcel", "en") == (
        "The plugin gifts: they wait for a parcel"
    )
    assert sentence("provider", "quota", "ja") == "配信サービスの回答: quota"
    assert sentence("staff", None, "en") == "Staff"
    assert sentence(None, None, "en") == ""


def test_a_rule_that_nobody_knows_is_its_own_word():
    assert sentence("moon", "full", "en") == "moon: full"


def test_every_rule_of_messages_has_a_name_or_sentences():
    rules = {code.partition(".")[0] for code in SENTENCES} | sentences.RULES.keys()

    assert rules >= {"consent", "suppression", "quiet", "cap", "contact", "approval", "channel"}
    assert rules >= {"hook", "provider", "staff", "source"}
