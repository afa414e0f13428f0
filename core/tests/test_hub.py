import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest
from tokui.config import Connection, read
from tokui.connector import Change, Context
from tokui.errors import ConfigError, PluginError
from tokui.hooks import Known, Vote, tokui_changed, tokui_checks, tokui_match, tokui_traits
from tokui.hub import Hub, installed
from tokui.model import Customer, Event, Order
from tokui_contracts.context import context

FIXTURES = Path(__file__).parent / "fixtures"
TILL = EntryPoint("till", "till_plugin:Till", "tokui.connectors")
GINZA = '[connections.ginza]\nuse = "till"\nurl = "u"\ntoken = {env = "TILL_TOKEN"}\n'
ENVIRONMENT = {"TILL_TOKEN": "canary-0451"}
LEFT = Known("ginza", Customer(external_id="1"))
RIGHT = Known("ginza", Customer(external_id="2"))

Install = Callable[..., list[EntryPoint]]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution of one module: its name, its code, its entry points."""
    monkeypatch.syspath_prepend(str(FIXTURES / "plugins"))
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, code: str, version: str = "1.0", **groups: str) -> list[EntryPoint]:
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n", encoding="utf-8")
        lines = [f"[tokui.{group}]\n{line}\n" for group, line in groups.items()]
        (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
        return list(Distribution.at(info).entry_points)

    return put


class Nothing:
    """A view of an empty ledger."""

    def profile(self, profile_id: int) -> None:
        return None

    def customers(self, profile_id: int) -> Sequence[Customer]:
        return ()

    def orders(self, profile_id: int, limit: int = 100) -> Sequence[Order]:
        return ()

    def events(self, profile_id: int, limit: int = 100) -> Sequence[Event]:
        return ()


NO_VIEW = Nothing()


def load(tmp_path: Path, text: str, entries: list[EntryPoint]) -> Hub:
    path = tmp_path / "tokui.toml"
    path.write_text(text, encoding="utf-8")
    return Hub.load(read(path, ENVIRONMENT), entries=[TILL, *entries])


def lend(name: str, core: Connection) -> Context:
    return context(name, http_limits=core.http)


def load_hooks(tmp_path: Path, install: Install, **codes: str) -> Hub:
    """One hooks plugin for each code, all switched on."""
    head = "from tokui.hooks import hookimpl, Vote\n"
    entries = [
        entry
        for name, code in codes.items()
        for entry in install(f"hooks_{name}", head + code, hooks=f"{name} = hooks_{name}")
    ]
    return load(tmp_path, "".join(f"[plugins.{name}]\n" for name in codes), entries)


SAYS = """
@hookimpl
def tokui_match(left, right):
    return Vote("same", "{0}")
"""


def test_a_connection_is_made_of_its_connector_its_settings_and_what_it_is_lent(
    tmp_path: Path, install: Install
) -> None:
    hub = load(tmp_path, GINZA + "http.tries = 2", [])

    made = hub.connector("ginza", lend)

    assert (made.name, type(made).__name__, made.settings) == (
        "ginza",
        "Till",
        hub.connections["ginza"].settings,
    )
    assert hub.failures == []


def test_installed_plugins_are_listed_by_name_without_importing_them(install: Install) -> None:
    entries = install("sly", "raise SystemExit(3)", connectors="sly = sly:Sly", hooks="b = sly")

    offers = installed([TILL, *entries])

    assert [(o.kind, o.name, str(o)) for o in offers] == [
        ("connector", "sly", "sly 1.0"),
        ("connector", "till", "unknown distribution ?"),
        ("hooks", "b", "sly 1.0"),
    ]
    assert "sly" not in sys.modules


def test_listing_what_is_installed_imports_neither_pydantic_nor_a_plugin() -> None:
    code = (
        "import sys; from tokui.hub import installed; names = [o.name for o in installed()];"
        "assert names; print([m for m in sys.modules if m.partition('.')[0] in"
        " ('pydantic', 'httpx', 'pluggy', 'tokui_pos', 'tokui_shopify')])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import no_such_module", "cannot be imported: ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)", "cannot be imported: SystemExit: 3"),
        ("def", "cannot be imported: SyntaxError: invalid syntax"),
        ("", "cannot be imported: AttributeError: module 'bad' has no attribute 'Bad'"),
        ("Bad = 3", "it is not a class derived from tokui's Connector"),
        (
            (
                "class Bad(Connector, Source):\n    Settings = Settings\n    holds_nothing = 'x'\n"
                "    def pull(self, ask): ...\n    def parse(self, stream, item): ..."
            ),
            "Bad lacks the methods fetch, streams",
        ),
        ("class Bad(Connector):\n    holds_nothing = 'x'", "Bad names no Settings class"),
        (
            "class Bad(Connector):\n    Settings = Settings\n    holds_nothing = 'x'",
            "Bad mixes in no capability, such as Source",
        ),
        ("class Bad(Connector):\n    Settings = dict", "Bad names no Settings class"),
        (
            "class Bad(Connector):\n    Settings = Settings",
            "Bad must be a Custodian, or say why it holds_nothing",
        ),
        (
            (
                "class Own(Settings):\n    streams: str = ''\n"
                "class Bad(Connector):\n    Settings = Own\n    holds_nothing = 'x'"
            ),
            "its settings use names of the core's: streams",
        ),
    ],
)
def test_a_connector_that_breaks_its_promises_is_left_out_and_the_others_work(
    tmp_path: Path, install: Install, code: str, why: str
) -> None:
    head = "from tokui.connector import Connector, Settings, Source\n"
    entries = install("bad", head + code, "2.1", connectors="bad = bad:Bad")

    hub = load(tmp_path, '[connections.a]\nuse = "bad"\n' + GINZA, entries)

    [failure] = hub.failures
    assert str(failure).startswith(f"bad (bad 2.1): {why}")
    assert "\n" not in str(failure)
    assert list(hub.connections) == ["ginza"]
    with pytest.raises(PluginError, match=r"a: bad \(bad 2\.1\)"):
        hub.connector("a", lend)


def test_a_connector_that_raises_when_made_is_named_without_its_words(
    tmp_path: Path, install: Install
) -> None:
    code = (
        "from till_plugin import Till\nclass Bad(Till):\n    def __init__(self, name, settings, ctx):\n"
        "        raise ValueError(settings.token.get_secret_value())"
    )
    entries = install("bad", code, connectors="bad = bad:Bad")
    hub = load(tmp_path, GINZA.replace('"till"', '"bad"'), entries)

    with pytest.raises(PluginError) as caught:
        hub.connector("ginza", lend)

    assert "ginza: bad (bad 1.0) cannot be constructed: ValueError in" in str(caught.value)
    assert "bad.py:4" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_name_that_two_distributions_offer_is_refused_to_both(
    tmp_path: Path, install: Install
) -> None:
    entries = install("one", "", connectors="bad = one:A") + install(
        "two", "", "0.3", connectors="bad = two:A"
    )

    hub = load(tmp_path, '[connections.a]\nuse = "bad"\n' + GINZA, entries)

    assert str(hub.failures[0]).startswith("bad (one 1.0 and two 0.3): several distributions")
    assert list(hub.connections) == ["ginza"]


def test_only_the_connections_that_are_wanted_need_their_secrets(
    tmp_path: Path, install: Install
) -> None:
    path = tmp_path / "tokui.toml"
    path.write_text(GINZA, encoding="utf-8")

    hub = Hub.load(read(path, {}), connections=(), entries=[TILL])

    assert hub.connections == {}


def test_a_connection_that_is_not_configured_is_suggested(tmp_path: Path, install: Install) -> None:
    hub = load(tmp_path, GINZA, [])

    with pytest.raises(ConfigError, match="there is no connection `gniza`; did you mean `ginza`"):
        hub.connector("gniza", lend)


def test_hooks_are_asked_in_the_order_of_the_file(tmp_path: Path, install: Install) -> None:
    hub = load_hooks(tmp_path, install, zulu=SAYS.format("z"), alpha=SAYS.format("a"), silent="")

    answers = hub.ask(tokui_match, left=LEFT, right=RIGHT)

    assert answers.given == (("zulu", Vote("same", "z")), ("alpha", Vote("same", "a")))
    assert [vote.reason for vote in answers.values] == ["z", "a"]
    assert answers.failures == ()


def test_a_plugin_that_is_not_switched_on_is_not_imported(tmp_path: Path, install: Install) -> None:
    entries = install("hooks_off", "raise SystemExit(3)", hooks="off = hooks_off")

    hub = load(tmp_path, "", entries)

    assert (hub.failures, hub.ask(tokui_checks).given) == ([], ())
    assert "hooks_off" not in sys.modules


def test_a_hooks_plugin_with_settings_is_made_with_them(tmp_path: Path, install: Install) -> None:
    entry = EntryPoint("vips", "till_plugin:Vips", "tokui.hooks")

    hub = load(tmp_path, "[plugins.vips]\nthreshold = 9\n", [entry])

    assert hub.ask(tokui_match, LEFT, RIGHT).values == (Vote("ask", "threshold 9"),)


@pytest.mark.parametrize("raised", ["ValueError('山田')", "SystemExit(3)", "GeneratorExit()"])
def test_a_hook_that_raises_is_reported_without_its_words_and_the_others_answer(
    tmp_path: Path, install: Install, raised: str
) -> None:
    bad = f"@hookimpl\ndef tokui_match(left, right):\n    raise {raised}\n"
    hub = load_hooks(tmp_path, install, bad=bad, good=SAYS.format("x"))

    answers = hub.ask(tokui_match, left=LEFT, right=RIGHT)

    assert answers.given == (("good", Vote("same", "x")),)
    kind = raised.partition("(")[0]
    assert str(answers.failures[0]).startswith(
        f"bad (hooks_bad 1.0): tokui_match failed: {kind} in"
    )
    assert "hooks_bad.py:4" in str(answers.failures[0])
    assert "山田" not in str(answers.failures[0])


def test_an_author_who_debugs_sees_where_a_hook_broke(
    tmp_path: Path,
    install: Install,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = "@hookimpl\ndef tokui_match(left, right):\n    raise ValueError('山田')\n"
    hub = load_hooks(tmp_path, install, bad=bad)
    monkeypatch.setenv("TOKUI_DEBUG", "1")

    hub.ask(tokui_match, left=LEFT, right=RIGHT)

    assert "ValueError: 山田" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["'same'", "3", "[Vote('same', 'x')]", "{'verdict': 'same'}"])
def test_an_answer_of_another_type_is_a_failure(
    tmp_path: Path, install: Install, answer: str
) -> None:
    code = f"@hookimpl\ndef tokui_match(left, right):\n    return {answer}\n"

    answers = load_hooks(tmp_path, install, bad=code).ask(tokui_match, LEFT, RIGHT)

    assert answers.given == ()
    assert "its answer is not of the type that the hook promises" in str(answers.failures[0])


def test_ctrl_c_in_a_hook_ends_the_run(tmp_path: Path, install: Install) -> None:
    code = "@hookimpl\ndef tokui_match(left, right):\n    raise KeyboardInterrupt\n"
    hub = load_hooks(tmp_path, install, bad=code)

    with pytest.raises(KeyboardInterrupt):
        hub.ask(tokui_match, LEFT, RIGHT)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import no_such_module", "cannot be imported: ModuleNotFoundError"),
        ("def tokui_mach(left): ...", "there is no hook `tokui_mach`; did you mean `tokui_match`?"),
        ("def tokui_match(left, right): ...", "tokui_match is not marked with @hookimpl"),
        ("@hookimpl\ndef tokui_match(one, two): ...", "a hook's arguments are wrong: "),
        ("@hookimpl(tryfirst=True)\ndef tokui_match(left): ...", "tokui_match asks for tryfirst"),
        ("@hookimpl(trylast=True)\ndef tokui_match(left): ...", "tokui_match asks for trylast"),
        ("@hookimpl(wrapper=True)\ndef tokui_match(left): yield", "tokui_match asks for wrapper"),
        (
            "@hookimpl(hookwrapper=True)\ndef tokui_match(left): yield",
            "tokui_match asks for hookwrapper",
        ),
    ],
)
def test_a_hooks_plugin_that_breaks_the_rules_is_left_out_and_the_others_answer(
    tmp_path: Path, install: Install, code: str, why: str
) -> None:
    hub = load_hooks(tmp_path, install, bad=code, good=SAYS.format("x"))

    assert str(hub.failures[0]).startswith(f"bad (hooks_bad 1.0): {why}")
    assert hub.ask(tokui_match, LEFT, RIGHT).given == (("good", Vote("same", "x")),)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("class Bad:\n    def __init__(self): 1 / 0", "cannot be constructed: ZeroDivisionError"),
        ("class Bad:\n    def __dir__(self): raise SystemExit", "cannot be read: SystemExit"),
    ],
)
def test_a_hooks_class_that_raises_when_made_is_left_out(
    tmp_path: Path, install: Install, code: str, why: str
) -> None:
    hub = load(tmp_path, "[plugins.bad]\n", install("worse", code, hooks="bad = worse:Bad"))

    assert str(hub.failures[0]).startswith(f"bad (worse 1.0): {why}")


def test_one_follower_can_be_called_alone(tmp_path: Path, install: Install) -> None:
    code = "heard = []\n@hookimpl\ndef tokui_changed(changes):\n    heard.extend(changes)\n"
    hub = load_hooks(tmp_path, install, a=code, b=code, deaf=SAYS)
    change = Change(1, 7, "profile.created", datetime(2026, 10, 1, tzinfo=UTC))

    first, second = hub.implementations(tokui_changed)
    second(changes=[change], view=NO_VIEW)

    assert (first.plugin, second.plugin) == ("a", "b")
    assert sys.modules["hooks_a"].heard == []
    assert sys.modules["hooks_b"].heard == [change]


def test_a_follower_that_fails_raises_a_plugin_error(tmp_path: Path, install: Install) -> None:
    code = "@hookimpl\ndef tokui_changed(changes, view):\n    raise OSError('disk')\n"
    [follower] = load_hooks(tmp_path, install, bad=code).implementations(tokui_changed)

    with pytest.raises(PluginError, match="bad: tokui_changed failed: OSError in"):
        follower([], NO_VIEW)


def test_a_list_of_answers_may_be_any_sequence(tmp_path: Path, install: Install) -> None:
    code = (
        "from datetime import datetime, UTC\nfrom tokui.hooks import Trait\n@hookimpl\n"
        "def tokui_traits(profile_id):\n"
        "    at = datetime(2026, 10, 1, tzinfo=UTC)\n"
        "    return (Trait(name='size', value='M', source='orders', at=at),)\n"
    )
    hub = load_hooks(tmp_path, install, sizes=code)

    [traits] = hub.ask(tokui_traits, 7, NO_VIEW).values

    assert [trait.value for trait in traits] == ["M"]
