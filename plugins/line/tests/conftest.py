"""A LINE account on loopback, and connectors that speak to it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tokui.connector import Parcel
from tokui.http import HttpSettings
from tokui_contracts.context import NOON, Waits, context
from tokui_contracts.line import LineSandbox
from tokui_line.connector import Line
from tokui_line.content import LineContent
from tokui_line.settings import LineSettings

HANA, TARO = f"U{'a' * 32}", f"U{'b' * 32}"
KEY = "123e4567-e89b-42d3-a456-426614174000"
HASTY = HttpSettings(allow_private=True, timeout_s=0.2, tries=1)

Connect = Callable[..., Line]


class Clock:
    """Stands, until a test moves it."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self):
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> Iterator[LineSandbox]:
    with LineSandbox(now=clock) as sandbox:
        sandbox.account.follow(HANA, displayName="はな", language="ja")
        sandbox.account.follow(TARO, displayName="Taro", language="en")
        yield sandbox


@pytest.fixture
def connect(line: LineSandbox, clock: Clock) -> Iterator[Connect]:
    """`connect(**settings)`: a connector whose waits are written down in `ctx.stop.waits`."""
    built: list[Line] = []

    def build(**settings: Any) -> Line:
        known = {
            "provider": "2000000001",
            "access_token": line.token,
            "channel_secret": line.secret,
            "base_url": line.url,
            **settings,
        }
        chosen = LineSettings(**{name: value for name, value in known.items() if value is not None})
        built.append(
            Line("line", chosen, context("line", now=clock, http_limits=HASTY, stop=Waits()))
        )
        return built[-1]

    yield build
    for connector in built:
        connector.ctx.http.close()


@pytest.fixture
def account(connect: Connect) -> Line:
    return connect()


@pytest.fixture
def parcel() -> Callable[..., Parcel]:
    """`parcel("text", to=…, key=…)`, or `parcel(**content)`."""

    def make(text: str = "こんにちは", to: Any = (HANA,), key: str = KEY, **content: Any) -> Parcel:
        known = {"text": text, **content} if "messages" not in content else content
        return Parcel(key, LineContent.model_validate(known), tuple(to))

    return make


@pytest.fixture
def vendor() -> Callable[[str], Any]:
    """`vendor(CASE)`: an event as LINE's reference shows it, fresh."""

    def read(case: str) -> Any:
        text = (Path(__file__).parent / "fixtures/events.json").read_text("utf-8")
        return json.loads(text)[case]

    return read
