"""The house rules that no linter knows: sizes, names, who may import what, what is written down."""

import ast
import re
from pathlib import Path

import pytest
from tokui import errors, hooks
from tokui.cli.root import SECTIONS
from tokui.config.secrets import fields
from tokui.connector import Settings
from tokui.hub import installed
from tokui.hub.connectors import check_connector

ROOT = Path(__file__).parents[1]
PLACES = (".ci", "bench", "contracts", "core", "docs", "plugins", "requirements", "tests")
FILES = [
    each
    for where in (ROOT.glob("*"), *((ROOT / place).rglob("*") for place in PLACES))
    for each in where
    if each.is_file()
    and not {"__pycache__", ".work"} & {*each.parts}
    and each.name not in {".git", "uv.lock"}
]
MODULES = [each for each in FILES if each.suffix == ".py"]
SOURCES = [
    each
    for each in MODULES
    if "src" in each.parts and each.parts[-3:-1] != ("migrations", "versions")
]

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def long_file(_, text):
    return text.count("\n") > 400


def long_function(_, text):
    return [each.name for each in ast.walk(ast.parse(text)) if _lines(each) > 40]


def _lines(node):
    """Of a function, its docstring not counted."""
    if not isinstance(node, FUNCTION):
        return 0
    first = node.body[0]
    said = isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
    return _span(node) - (_span(first) if said else 0)


def _span(node):
    return node.end_lineno - node.lineno + 1


def says_nothing(path, _):
    return re.search(r"(^|_)(utils?|helpers?|managers?|base)$", path.stem)


def prints(path, text):
    calls = (each.func for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call))
    return path.name != "__main__.py" and any(getattr(each, "id", "") == "print" for each in calls)


def imports_httpx(path, text):
    own = path.is_relative_to(ROOT / "core" / "src" / "tokui" / "http")
    return not own and re.search(r"^\s*(import|from) httpx\b", text, re.MULTILINE)


def knows_this_machine(_, text):
    return re.search(r"(?<![\w.}])/(?:work|root|home|Users)/|pypi[.]org|pythonhosted[.]org", text)


RULES = {
    long_file: (MODULES, "x = 1\n" * 401),
    long_function: (SOURCES, "def f():\n" + "    x = 1\n" * 40),
    says_nothing: (MODULES, ""),
    prints: (SOURCES, "print()"),
    imports_httpx: (SOURCES, "def f():\n    import httpx\n"),
    knows_this_machine: (FILES, "see /" + "home/somebody\n"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule):
    broken = {each: rule(each, _text(each)) for each in RULES[rule][0]}

    assert {f"{each.relative_to(ROOT)}": what for each, what in broken.items() if what} == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_sees_what_breaks_it(rule):
    assert rule(Path("http_utils.py"), RULES[rule][1])


def _text(path):
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""  # CP932 and gzip: data


def unnamed(names, path):
    return [name for name in names if f"`{name}" not in _text(ROOT / path)]


def test_every_error_is_drawn_in_the_tree():
    tree = [each for each in vars(errors).values() if isinstance(each, type)]
    names = [each.__name__ for each in tree if issubclass(each, errors.TokuiError)]

    drawn = (errors.__doc__ or "").split()
    assert len(names) > 10
    assert [name for name in names if name not in drawn] == []


def test_every_hook_is_in_the_readme_of_the_core():
    heard = [name for name in vars(hooks) if name.startswith("tokui_")]

    assert heard
    assert unnamed(heard, "core/README.md") == []


def test_every_command_is_in_the_readme_of_the_core():
    commands = [f"tokui {name}" for part in SECTIONS.values() for name in part]

    assert unnamed(commands, "core/README.md") == []


def settings_of(offer):
    if offer.kind == "connector":
        return check_connector(offer.load()).Settings
    return getattr(offer.load(), "Settings", Settings)


@pytest.mark.parametrize("plugin", [each.name for each in (ROOT / "plugins").iterdir()])
def test_every_setting_is_in_the_readme_of_its_plugin(plugin):
    offers = [each for each in installed() if each.distribution == f"tokui-{plugin}"]

    settings = [name for each in offers for name in fields(settings_of(each))]
    assert settings
    assert unnamed(settings, f"plugins/{plugin}/README.md") == []


@pytest.mark.parametrize(
    "page", [each for each in FILES if each.suffix == ".md"], ids=lambda page: page.parent.name
)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", _text(page))

    assert [link for link in links if not (page.parent / link).exists()] == []
