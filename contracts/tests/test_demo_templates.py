"""The demo's templates: everybody can be written to by them, whatever is known of a person."""

from datetime import date

import pytest
from pydantic import BaseModel, Field
from tokui.card import Profile
from tokui.identity.golden import golden
from tokui.model import Customer
from tokui.outreach.render import check, render
from tokui.outreach.template import read_template
from tokui.outreach.words import words
from tokui_contracts.demo import TEMPLATES

WHOLE = {
    "external_id": "1",
    "name": {"family": "佐藤", "given": "彩"},
    "birthday": {"month": 11, "day": 29},
}
BARE = {"external_id": "1", "name": {"display": "あや"}}
WAYS = [
    (kind, language, tone)
    for kind in ("line_user_id", "email")
    for language in ("ja", "en")
    for tone in (None, "casual")
]


class Content(BaseModel):
    text: str = Field(min_length=10)
    subject: str | None = Field(None, pattern=r"^[^\n]+$")
    mjml: str | None = Field(None, json_schema_extra={"markup": True})


@pytest.mark.parametrize("who", [WHOLE, BARE], ids=["whole", "bare"])
@pytest.mark.parametrize(("kind", "language", "tone"), WAYS)
def test_a_birthday_message_can_be_written_to_anybody(kind, language, tone, who):
    template = read_template(TEMPLATES, "birthday")
    person = Profile.of(1, golden([("till", 0, Customer.model_validate(who))]))
    variant = template.variant(Content, kind, language, tone, exact=True)

    known = words(person, language, None, date(2026, 11, 26))
    content = Content.model_validate(render(template, variant, known, Content))

    called = ("佐藤", "彩", "あや")
    assert any(name in content.text for name in called)
    assert (content.subject is None) is (kind != "email")


def test_every_template_of_the_demo_is_one():
    names = [path.stem for path in TEMPLATES.glob("*.toml")]

    templates = [read_template(TEMPLATES, name) for name in names]

    assert "birthday" in names
    assert [check(each) for each in templates] == [None] * len(names)
