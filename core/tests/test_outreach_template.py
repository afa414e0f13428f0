"""Templates: which words are chosen, what is put into them, and what is said of a mistake."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from tokui.card import Profile
from tokui.config import ConfigProblems
from tokui.errors import ConfigError
from tokui.identity.golden import golden
from tokui.model import Customer, Sender
from tokui.outreach.render import check, render
from tokui.outreach.template import Unwritten, read_template
from tokui.outreach.words import words

AYA = {"family": "佐藤", "given": "彩", "family_kana": "サトウ"}
SHOP = Sender(name="得意衣料店", postal_address="東京都中央区", complaints="03-0000-0000")
BIRTHDAY = """\
purpose = "marketing"
topic = "birthday"

[email.ja]
subject = "{{ name.family }}様"
text = \"\"\"
{{ name }} 様

{{ birthday.month }}月{{ birthday.day }}日
{{ shop }} ({{ shop.complaints }})
\"\"\"

[email.ja.casual]
text = "{{ name.given | default(name) }}さん"
mjml = "<mj-text>{{ name }}</mj-text>"

[email.en]
text = "Dear {{ name.given }}"
"""


class Letter(BaseModel):
    text: str
    subject: str | None = None
    mjml: str | None = Field(None, json_schema_extra={"markup": True})
    extra: dict[str, object] | None = None


@pytest.fixture
def template(tmp_path):
    def make(text=BIRTHDAY, name="birthday"):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return read_template(tmp_path, name)

    return make


def said(name=None, birthday="1985-04-12", **more):
    month = {"year": int(birthday[:4]), "month": 4, "day": 12} if birthday else None
    customer = {"external_id": "1", "name": AYA if name is None else name, "birthday": month}
    me = Customer.model_validate(customer | more)
    profile = Profile.of(7, golden([("till", 0, me)]))
    return words(profile, "ja", SHOP, date(2026, 11, 26))


def rendered(template, tone=None, language="ja", **person):
    variant = template.variant(Letter, "email", language, tone)
    return render(template, variant, said(**person), Letter)


def used(template):
    check(template)
    return rendered(template)


def test_a_persons_words_are_put_in(template):
    letter = rendered(template())

    assert letter["subject"] == "佐藤様"
    assert letter["text"].splitlines() == [
        "佐藤 彩 様",
        "",
        "4月12日",
        "得意衣料店 (03-0000-0000)",
    ]


def test_a_tone_has_words_of_its_own(template):
    assert rendered(template(), "casual")["text"] == "彩さん"


@pytest.mark.parametrize(("asked", "spoken"), [("ja", "ja"), ("en-GB", "en"), ("zh-Hant", "ja")])
def test_the_language_is_the_persons_or_the_first_of_the_file(template, asked, spoken):
    assert template().variant(Letter, "email", asked, None).language == spoken


def test_a_language_that_was_asked_for_must_be_there(template):
    with pytest.raises(Unwritten, match="no words in `fr`"):
        template().variant(Letter, "email", "fr", None, exact=True)


def test_a_tone_that_is_not_there_is_pointed_at(template):
    with pytest.raises(Unwritten, match=r"birthday.toml:4:1: no tone `rude`; known are casual"):
        rendered(template(), "rude")


def test_a_table_that_is_a_field_of_the_content_is_no_tone(template):
    made = template(
        'purpose = "service"\n[email.ja]\ntext = "a"\n[email.ja.extra]\nx = "{{ name }}"\n'
    )

    assert rendered(made)["extra"] == {"x": "佐藤 彩"}


def test_a_word_that_is_not_known_of_the_person_is_named_with_its_line_and_no_value(template):
    with pytest.raises(Unwritten) as raised:
        rendered(template(), birthday=None)

    assert "birthday.toml:9:1: `birthday` is not known of this person" in str(raised.value)
    assert "佐藤" not in str(raised.value)


def test_a_part_of_a_word_is_asked_for_by_its_own_name(template):
    with pytest.raises(Unwritten, match="`given` is not known"):
        rendered(template(), language="en", name={"display": "あやちゃん"})


@pytest.mark.parametrize(
    "use",
    [
        "{{ birthday }}",
        "{{ birthday.month + 1 }}",
        "{% if birthday %}a{% endif %}",
        "{{ 'a' ~ birthday }}",
        "{% for part in birthday %}a{% endfor %}",
        "{{ birthday == today }}",
        "{{ birthday | upper }}",
    ],
)
def test_however_it_is_used_a_word_that_is_not_known_is_never_said(template, use):
    made = template(f"purpose = 'service'\n[email.ja]\ntext = \"{use}\"\n")

    with pytest.raises(Unwritten, match="`birthday` is not known"):
        rendered(made, birthday=None)


def test_a_word_that_was_found_by_what_is_in_another_is_not_repeated(template):
    made = template("purpose = 'service'\n[email.ja]\ntext = '{{ today[name.family] }}'\n")

    with pytest.raises(Unwritten, match="a word is not known") as raised:
        rendered(made)

    assert "佐藤" not in str(raised.value)


def test_other_words_stand_in_for_what_is_not_known(template):
    assert (
        rendered(template(), "casual", name={"display": "あやちゃん"})["text"] == "あやちゃんさん"
    )


def test_a_name_that_lost_a_character_is_not_known(template):
    with pytest.raises(Unwritten, match="`name` is not known"):
        rendered(template(), name={"family": "〓藤", "given": "彩"})


def test_what_is_put_into_markup_is_escaped_and_into_text_is_not(template):
    letter = rendered(template(), "casual", name={"display": "<a href='x'>"})

    assert letter["mjml"] == "<mj-text>&lt;a href=&#39;x&#39;&gt;</mj-text>"
    assert letter["text"] == "<a href='x'>さん"


def test_a_name_brings_no_new_line(template):
    assert "\n" not in rendered(template(), name={"family": "佐\r\n藤\x1b"})["subject"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ nmae }}", "there is no word `nmae`; did you mean `name`?"),
        ("{{ name", "unexpected end"),
        ("{% include 'x' %}", "cannot be filled in"),
        ("{{ name.__class__ }}", "`__class__` is not known"),
        ("{{ 1 / 0 }}", "cannot be filled in (ZeroDivisionError)"),
    ],
)
def test_a_text_that_is_no_template_is_pointed_at(template, text, what):
    made = template(f'purpose = "service"\n[email.ja]\ntext = "{text}"\n')

    with pytest.raises(ConfigError) as raised:
        used(made)

    assert "birthday.toml:3" in str(raised.value)
    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[email.ja]\ntext = 'a'", "`purpose` is one of marketing, service, transactional"),
        ("purpose = 'service'", "it has no words"),
        ("purpose = 'service'\n[emial.ja]\n[email.ja]", "did you mean `email`?"),
        ("purpose = 'service'\ntopic = 1\n[email.ja]", "`topic` is a word"),
        ("purpose = ", "invalid value"),
    ],
)
def test_a_file_that_is_not_built_like_a_template_is_refused(template, text, what):
    with pytest.raises(ConfigProblems) as raised:
        template(text)

    assert what in str(raised.value)


@pytest.mark.parametrize("name", ["brithday", "../birthday", "", "a/b"])
def test_a_template_that_is_not_there_names_those_that_are(template, tmp_path, name):
    template()

    with pytest.raises(ConfigError, match="there is no template") as raised:
        read_template(tmp_path, name)

    assert "birthday" in str(raised.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    family=st.text("佐藤〓{}%<>&'\"\\\n\x1b\ue000", min_size=1, max_size=12),
    use=st.sampled_from(
        [
            "{{ name.family }}",
            "{{ birthday[name] }}",
            "{{ today[name] }}",
            "{{ name.family + 1 }}",
            "{{ name.family | int / 0 }}",
            "{{ name.family.no_such_part }}",
        ]
    ),
)
def test_whatever_somebody_is_called_it_is_put_in_as_one_line_or_said_nowhere(
    template, family, use
):
    made = template(f"purpose = 'service'\n[email.ja]\ntext = \"{use}\"\n")
    try:
        said = rendered(made, name={"family": family}, birthday=None)["text"]
    except Unwritten as error:
        leaked = [sign for sign in "佐藤" if sign in str(error)]
    else:
        leaked = [sign for sign in "\n\x1b" if sign in said]

    assert leaked == []
