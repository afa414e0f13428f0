import json
import os
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from tokui.config import Config, ConfigProblems, Shown, find, read, schema, show
from tokui.config.places import places
from tokui.errors import ConfigError
from tokui.hub import Hub

FIXTURES = Path(__file__).parent / "fixtures"
BROKEN = sorted((FIXTURES / "config").glob("*.toml"))
CANARY = "shpat_canary_0451"
ENTRIES = [
    EntryPoint("till", "till_plugin:Till", "tokui.connectors"),
    EntryPoint("vips", "till_plugin:Vips", "tokui.hooks"),
]
GINZA = """
[connections.ginza-till]
use = "till"
url = "https://till.test"
token = {env = "TILL_TOKEN"}
"""


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FIXTURES / "plugins"))


def write(folder: Path, text: str) -> Path:
    path = folder / "tokui.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(path: Path, **environment: str) -> tuple[Config, Hub]:
    config = read(path, {"TILL_TOKEN": CANARY, **environment})
    return config, Hub.load(config, entries=ENTRIES)


def till(hub: Hub) -> dict[str, object]:
    return dict(hub.connections["ginza-till"].settings)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_shown_with_its_place_and_what_was_meant(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    place, _, what = path.read_text(encoding="utf-8").split("\n")[0][9:].partition(" ")
    column = int(place.partition(":")[2])

    with pytest.raises(ConfigProblems) as caught:
        load(path)

    shown = str(caught.value).split("\n")
    assert shown[0].startswith(f"{path.name}:{place}: {what}")
    assert shown[2] == "      | " + " " * (column - 1) + "^"
    assert len(caught.value.problems) == 1
    assert CANARY not in str(caught.value)


def test_all_mistakes_of_a_file_are_shown_together_in_the_order_of_lines(tmp_path: Path) -> None:
    path = write(tmp_path, '[sync]\nstal_s = 1\n[store]\nurl = 3\n[connections.a]\nuse = "tll"\n')

    with pytest.raises(ConfigProblems) as caught:
        load(path)

    assert [problem.line for problem in caught.value.problems] == [2, 4, 6]


@pytest.mark.parametrize("name", ["till", "tokui.toml"])
def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="Check the path, or run `tokui init`"):
        read(tmp_path / "none" / name)


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "tokui.toml"
    path.write_bytes("[store]\n# 帳簿\n".encode("cp932"))

    with pytest.raises(ConfigError, match=r"tokui\.toml:2:1: not UTF-8"):
        read(path)


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tokui.toml"
    path.write_bytes(b"\xef\xbb\xbf" + b"[sync]\r\nstall_s = 5\r\n")

    assert read(path, {}).sync.stall_s == 5


def test_an_empty_file_has_a_store_beside_it(tmp_path: Path) -> None:
    config, _ = load(write(tmp_path, ""))

    assert config.store_url == f"sqlite:///{tmp_path.resolve() / 'tokui.sqlite3'}"
    assert (config.connections, config.plugins) == ({}, ())


def test_a_database_address_with_a_password_comes_by_reference(tmp_path: Path) -> None:
    url = "postgresql+psycopg://tokui:pass@localhost/tokui"

    config, _ = load(write(tmp_path, '[store]\nurl = {env = "DB"}\n'), DB=url)

    assert config.store_url == url
    assert "pass" not in repr(config.store)


def test_a_connection_has_the_cores_settings_and_its_connectors(tmp_path: Path) -> None:
    text = GINZA + 'priority = 1\nhttp.tries = 2\nidentity.link = false\nstreams = ["a"]'

    config, hub = load(write(tmp_path, text))

    core = config.connections["ginza-till"]
    assert (core.priority, core.http.tries, core.identity.link) == (1, 2, False)
    assert core.streams == ("a",)
    assert till(hub)["token"] == SecretStr(CANARY)


def test_secrets_come_from_the_environment_a_file_or_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("from a file\n", encoding="utf-8")
    monkeypatch.setattr("keyring.get_password", lambda service, user: f"{service} of {user}")
    shelves = '[{name = "a", code = {keyring = "tokui/shop/till"}}]'
    text = GINZA.replace('{env = "TILL_TOKEN"}', '{file = "token"}') + f"shelves = {shelves}"

    _, hub = load(write(tmp_path, text))

    assert till(hub)["token"] == SecretStr("from a file")
    assert "tokui/shop of till" in str([s.code.get_secret_value() for s in till(hub)["shelves"]])  # type: ignore[attr-defined]


@pytest.mark.parametrize("bare", [f'"{CANARY}"', f'{{ vault = "{CANARY}" }}', f'["{CANARY}"]'])
@pytest.mark.parametrize("key", ["spare", "codes.a", "token", "shelves = [{name = 'a', code"])
def test_a_secret_in_the_file_is_refused_wherever_one_is_expected(
    tmp_path: Path, key: str, bare: str
) -> None:
    text = GINZA.replace("token =", "spare =") if key == "token" else GINZA
    end = "}]" if "[" in key else ""

    with pytest.raises(ConfigProblems) as caught:
        load(write(tmp_path, f"{text}{key} = {bare}{end}\n"))

    assert CANARY not in str(caught.value)


def test_paths_are_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    _, hub = load(write(tmp_path, GINZA + 'folder = "exports"'))

    assert till(hub)["folder"] == tmp_path / "exports"


def test_what_stands_in_a_table_of_tables_is_read_by_its_own_type(tmp_path: Path) -> None:
    room = '\n[connections.ginza-till.rooms.name]\nname = "a"\nfolder = "b"\ncode = {env = "TILL_TOKEN"}'
    _, hub = load(write(tmp_path, GINZA + room))

    (shelf,) = hub.connections["ginza-till"].settings.rooms.values()  # type: ignore[attr-defined]
    assert (shelf.folder, shelf.code.get_secret_value()) == (tmp_path / "b", CANARY)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    config, hub = load(
        write(tmp_path, GINZA),
        TOKUI_CONNECTIONS__GINZA_TILL__PAGE_SIZE="7",
        TOKUI_CONNECTIONS__GINZA_TILL__TOKEN="other",
        TOKUI_CONNECTIONS__GINZA_TILL__HTTP__TRIES="3",
        TOKUI_CONNECTIONS__GINZA_TILL__STREAMS='["orders"]',
        TOKUI_TEST_POSTGRES="not ours",
    )

    core = config.connections["ginza-till"]
    assert (till(hub)["page_size"], till(hub)["token"]) == (7, SecretStr("other"))
    assert (core.http.tries, core.streams) == (3, ("orders",))


@pytest.mark.parametrize(
    ("variable", "what"),
    [
        (
            "TOKUI_CONNECTIONS__GINZA_TILL__PAGE_SIZ",
            "unknown key `page_siz`; did you mean `page_size`",
        ),
        (
            "TOKUI_CONNECTIONS__GINZA_TILL__PAGE_SIZE",
            "`page_size`: input should be a valid integer",
        ),
        ("TOKUI_CONNECTIONS__GINZA_TILL__URL__PORT", "`connections` is not built like this"),
    ],
)
def test_a_wrong_override_names_the_variable(tmp_path: Path, variable: str, what: str) -> None:
    with pytest.raises(ConfigProblems) as caught:
        load(write(tmp_path, GINZA), **{variable: CANARY})

    assert str(caught.value).startswith(f"{variable}: {what}")
    assert CANARY not in str(caught.value)


def test_the_file_is_found_here_above_or_where_the_environment_says(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    (tmp_path / "a" / "b").mkdir(parents=True)

    assert find({}, tmp_path / "a" / "b") == path.resolve()
    assert find({"TOKUI_CONFIG": "other.toml"}) == Path("other.toml")


def test_what_is_in_force_is_shown_with_its_origin_and_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = GINZA + 'shelves = [{name = "a", code = {env = "TILL_TOKEN"}}]\n[plugins.vips]\n'
    config, hub = load(
        write(tmp_path, text),
        TOKUI_STORE__URL=f"postgresql+psycopg://u:{CANARY}@h/d",
        TOKUI_SYNC__STALL_S="9",
    )

    rows = {row.key: row for row in show(config, hub.settings)}

    ginza = "connections.ginza-till"
    assert rows["sync.stall_s"] == Shown("sync.stall_s", 9, "environment TOKUI_SYNC__STALL_S")
    assert rows[f"{ginza}.url"].origin == "tokui.toml:4"
    assert rows[f"{ginza}.token"].value == {"env": "TILL_TOKEN"}
    assert rows[f"{ginza}.shelves"].value == rows["store.url"].value == "********"
    assert rows["plugins.vips.threshold"] == Shown("plugins.vips.threshold", 3, "default")
    assert CANARY not in json.dumps([str(row) for row in rows.values()])


def test_the_schema_knows_every_connector_and_wants_secrets_by_reference(tmp_path: Path) -> None:
    _, hub = load(write(tmp_path, GINZA + "[plugins.vips]\n"))
    models = {keys[0]: type(found) for keys, found in hub.settings.items()}

    made = schema({"till": models["connections"]}, {"vips": models["plugins"]})

    definitions = made["$defs"]
    assert isinstance(definitions, dict)
    table = definitions["connector.till"]
    assert isinstance(table, dict)
    assert table["required"] == ["use", "url", "token"]
    assert {"use", "http", "priority", "token", "page_size"} <= set(table["properties"])  # type: ignore[arg-type]
    assert '"format": "password"' not in json.dumps(made)
    refs = {part.split('"')[0] for part in json.dumps(made).split('"#/$defs/')[1:]}
    assert refs <= set(definitions)


TOML = '''# a till
"top key".x = 1
list = [ 1, # one
  [2, 3], {a = "]", 'b' = 1979-05-27 07:32:00},
]
text = """
[not.a.table]
""" # end
[[shop]]
name = 'a'
[shop.till]
key.inner = """""two quotes"""""
[[shop]]
[[shop.till]]
z = {}
[ "a.b" . c ]
'''


def test_places_of_all_kinds_of_keys_are_found() -> None:
    found = places(TOML)

    assert found[("top key", "x")] == (2, 1)
    assert found[("list", 1, 0)] == (4, 4)
    assert found[("list", 2, "b")] == (4, 21)
    assert found[("text",)] == (6, 1)
    assert found[("shop", 0, "till", "key", "inner")] == (12, 1)
    assert found[("shop", 1, "till", 0, "z")] == (15, 1)
    assert found[("a.b", "c")] == (16, 1)
    assert ("not",) not in found


names = st.text("ab-_.\"'# =\\é", min_size=1, max_size=4)
values = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=8) | st.just(1.5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def paths(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in [(*at, k), *paths(v, (*at, k))]]
    if isinstance(value, list):
        return [p for n, v in enumerate(value) for p in [(*at, n), *paths(v, (*at, n))]]
    return []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(names, values, max_size=4))
def test_every_key_that_is_read_has_a_place(data: dict[str, object]) -> None:
    text = "\n".join(f"{toml(key)} = {toml(value)}" for key, value in data.items())

    assert tomllib.loads(text) == data
    assert set(places(text)) == set(paths(data))


def test_reading_uses_the_environment_of_the_process_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TOKUI_SYNC__STALL_S", "12")

    assert read(write(tmp_path, "")).sync.stall_s == 12
