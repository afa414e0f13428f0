"""What LINE would refuse is refused before any call."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tokui_contracts.line.strict import units, wrong
from tokui_line.content import LineContent, preview

SAMPLES = json.loads((Path(__file__).parent / "fixtures/messages.json").read_text("utf-8"))
LINK = {"type": "uri", "label": "見る", "uri": "https://example.jp/"}


def content(*messages: Any) -> LineContent:
    return LineContent.model_validate({"messages": list(messages)})


def template(**fields: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "案内", "template": fields}


def flex(contents: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "案内", "contents": contents}


def bubble(*components: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(components)}
    return {"type": "bubble", "body": body}


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_kind_of_message_is_taken_and_comes_back_as_it_was(sample):
    taken = LineContent.model_validate(sample)

    expected = sample.get("messages") or [{"type": "text", "text": sample["text"]}]
    assert taken.objects == expected
    assert not list(wrong(taken.objects))


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_the_outbox_keeps_is_the_same_content(sample):
    taken = LineContent.model_validate(sample)

    for kept in (taken.model_dump_json(), taken.model_dump_json(by_alias=True)):
        assert LineContent.model_validate_json(kept) == taken


@given(st.text(min_size=1, max_size=5100).filter(str.strip))
def test_a_text_is_taken_if_line_takes_it(text):
    fits = units(text) <= 5000
    try:
        LineContent(text=text)
    except ValidationError:
        assert not fits
    else:
        assert fits


def test_an_emoji_counts_twice():
    assert LineContent(text="🎂" * 2500)
    with pytest.raises(ValidationError, match="5002 characters"):
        LineContent(text="🎂" * 2501)


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"text": ""},
        {"text": " \n"},
        {"text": "a", "messages": [{"type": "text", "text": "a"}]},
        {"messages": [{"type": "text", "text": "a"}] * 6},
        {"messages": [{"type": "video"}]},
        {"messages": [{"type": "text", "text": "a", "colour": "red"}]},
        {"text": "a", "subject": "b"},
    ],
)
def test_what_is_neither_a_text_nor_one_to_five_messages_is_refused(known):
    with pytest.raises(ValidationError):
        LineContent.model_validate(known)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.jp/a.jpg",
        "https://example.jp/写真.jpg",
        f"https://e.jp/{'a' * 2000}",
        "a.jpg",
    ],
)
def test_an_image_needs_a_percent_encoded_https_address(url):
    with pytest.raises(ValidationError):
        content({"type": "image", "originalContentUrl": url, "previewImageUrl": url})


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "buttons", "text": "a", "actions": [LINK] * 5},
        {"type": "buttons", "text": "a", "actions": []},
        {"type": "buttons", "text": "a" * 161, "actions": [LINK]},
        {"type": "buttons", "text": "a" * 61, "title": "b", "actions": [LINK]},
        {"type": "buttons", "text": "a", "actions": [{"type": "uri", "uri": "https://e.jp"}]},
        {"type": "buttons", "text": "a", "actions": [{**LINK, "label": "a" * 21}]},
        {"type": "buttons", "text": "a", "actions": [{**LINK, "uri": "javascript:alert(1)"}]},
        {"type": "buttons", "text": "a", "actions": [{"type": "camera", "label": "a"}]},
        {"type": "confirm", "text": "a", "actions": [LINK]},
        {"type": "confirm", "text": "a" * 241, "actions": [LINK, LINK]},
        {"type": "carousel", "columns": [{"text": "a", "actions": [LINK]}] * 11},
        {"type": "carousel", "columns": [{"text": "a", "actions": [LINK] * 4}]},
        {"type": "carousel", "columns": [{"text": "a" * 121, "actions": [LINK]}]},
        {
            "type": "carousel",
            "columns": [{"text": "a", "actions": [LINK]}, {"text": "a", "actions": [LINK] * 2}],
        },
        {
            "type": "image_carousel",
            "columns": [{"imageUrl": "https://e.jp/a.jpg", "action": {**LINK, "label": "a" * 13}}],
        },
        {"type": "postcard", "text": "a"},
    ],
)
def test_a_template_that_line_would_refuse_is_refused(fields):
    with pytest.raises(ValidationError):
        content(template(**fields))


@pytest.mark.parametrize(
    "contents",
    [
        {"type": "card"},
        {"type": "bubble", "body": {"type": "text", "text": "a"}},
        bubble({"type": "text"}),
        bubble({"type": "span", "text": "a"}),
        bubble({"type": "image"}),
        bubble({"type": "image", "url": "http://example.jp/a.jpg"}),
        bubble({"type": "button", "action": {"type": "uri", "uri": "https://e.jp"}}),
        bubble({"type": "button", "action": {"type": "uri", "label": "a", "uri": "data:a"}}),
        bubble({"type": "text", "text": "a", "onclick": "b"}),
        bubble({"type": "box", "layout": "vertical"}),
        bubble({"type": ["text"]}),
        bubble({"type": "text", "text": "あ" * 10_240}),
        {"type": "carousel", "contents": []},
        {"type": "carousel", "contents": [bubble()] * 13},
        {"type": "carousel", "contents": [bubble(), {**bubble(), "size": "nano"}]},
        {"type": "carousel", "contents": [{"type": "carousel", "contents": [bubble()]}]},
        {"type": "carousel", "contents": [bubble({"type": "text", "text": "あ" * 6_000})] * 3},
    ],
)
def test_a_flex_message_that_line_would_refuse_is_refused(contents):
    with pytest.raises(ValidationError):
        content(flex(contents))


def test_boxes_in_boxes_without_end_are_refused():
    box: dict[str, Any] = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(20):
        box = {"type": "box", "layout": "vertical", "contents": [box]}

    with pytest.raises(ValidationError, match="deep"):
        content(flex({"type": "bubble", "body": box}))


def test_an_error_names_the_place_and_quotes_nothing():
    sample = deepcopy(SAMPLES[3])
    sample["messages"][0]["template"]["title"] = "はな様" * 20

    with pytest.raises(ValidationError) as error:
        LineContent.model_validate(sample)

    assert "messages.0.template.template.buttons.title" in str(error.value)
    assert "はな" not in str(error.value)


@pytest.mark.parametrize(
    ("number", "lines"),
    [
        (0, ["お誕生日おめでとうございます 🎂"]),
        (2, ["一", "二", "[画像] https://example.jp/a.jpg", "どうされますか"]),
        (3, ["新作", "[取り置く]", "土曜日でよろしいですか", "[いいえ]", "白", "[見る]"]),
        (4, ["おめでとうございます", "今月は", "10% 引き", "会員様限定", "[見る]", "二枚目"]),
    ],
)
def test_a_preview_shows_every_text(number, lines):
    shown = preview(LineContent.model_validate(SAMPLES[number]), "ja")

    assert set(lines) <= set(shown.splitlines())


def test_an_image_is_named_in_english_too():
    shown = preview(LineContent.model_validate(SAMPLES[2]), "en-GB")

    assert "[image] https://example.jp/a.jpg" in shown
