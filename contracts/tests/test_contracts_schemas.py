"""The JSON Schemas are what the models generate, and stay open to what the last release accepted."""

import copy
import json

import pytest
from tokui.model import RECORDS
from tokui_contracts.schemas import FOLDER, RELEASED, changes_since_release, incompatible, schemas

OLD = {
    "$defs": {
        "Part": {
            "type": "object",
            "properties": {"id": {"type": "string", "minLength": 1, "maxLength": 9}},
            "required": ["id"],
            "additionalProperties": False,
        }
    },
    "type": "object",
    "properties": {
        "kind": {"enum": ["sale", "return"], "type": "string"},
        "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
        "code": {"type": "string", "pattern": "^[A-Z]+$"},
        "amount": {"type": "number"},
        "count": {"type": "integer", "minimum": 0},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "data": {"type": "object", "additionalProperties": True},
    },
    "required": ["kind"],
    "additionalProperties": False,
}


def changed(*path: str, to: object = None) -> dict:
    """Plant one change: set what lies at the path, or remove it."""
    schema = copy.deepcopy(OLD)
    place = schema
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return schema


P, D = "properties", "$defs"


@pytest.mark.parametrize(
    ("new", "finding"),
    [
        (changed(P, "code"), ".code: removed"),
        (changed("required", to=["kind", "code"]), ".code: now required"),
        (changed(P, "kind", "enum", to=["sale"]), ".kind: no longer takes 'return'"),
        (changed(P, "kind", to={"const": "sale"}), ".kind: no longer takes 'return'"),
        (changed(P, "code", "enum", to=["A"]), ".code: narrowed to 'A'"),
        (
            changed(P, "at", "anyOf", to=[{"type": "null"}]),
            ".at: no longer takes string (date-time)",
        ),
        (
            changed(P, "at", to={"type": "string", "format": "date-time"}),
            ".at: no longer takes null",
        ),
        (changed(P, "code", "format", to="date"), ".code: format changed"),
        (changed(P, "code", "pattern", to="^[a-z]+$"), ".code: pattern changed"),
        (changed(P, "amount", "type", to="integer"), ".amount: number narrowed to integer"),
        (changed(P, "count", "type", to="string"), ".count: integer narrowed to string"),
        (changed(P, "count", "minimum", to=1), ".count: minimum tightened to 1"),
        (changed(P, "data", "additionalProperties", to=False), ".data: no longer takes other keys"),
        (
            changed(P, "data", "additionalProperties", to={"type": "string"}),
            ".data.*: anything narrowed to string",
        ),
        (changed(D, "Part", P, "id", "maxLength", to=8), ".parts[].id: maxLength tightened to 8"),
        (changed(D, "Part", P, to={}), ".parts[].id: removed"),
    ],
)
def test_a_change_that_breaks_plugins_is_named(new, finding):
    assert finding in incompatible(OLD, new)


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        changed(P, "colour", to={"type": "string"}),
        changed("required", to=[]),
        changed(P, "kind", "enum", to=["sale", "return", "hold"]),
        changed(P, "count", "type", to="number"),
        changed(P, "count", "minimum"),
        changed(
            P, "code", to={"anyOf": [{"type": "string", "pattern": "^[A-Z]+$"}, {"type": "null"}]}
        ),
        changed(P, "data", to={}),
        changed(D, "Part", P, "id", "maxLength", to=10),
    ],
)
def test_a_change_that_only_widens_is_none(new):
    assert incompatible(OLD, new) == []


def test_a_schema_that_holds_itself_is_compared_to_its_end():
    tree = {
        "$defs": {"Tree": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Tree"}}}},
        "$ref": "#/$defs/Tree",
    }

    assert incompatible(tree, tree) == []


@pytest.mark.parametrize("kind", [record.kind_name for record in RECORDS])
def test_the_schema_file_of_each_kind_is_what_the_model_generates(kind):
    stored = json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))

    assert stored == schemas()[kind], "run: python -m tokui_contracts.schemas"


def test_no_other_schema_lies_in_the_folder():
    kinds = {record.kind_name for record in RECORDS}

    assert {path.stem for path in FOLDER.glob("*.json")} == kinds | {RELEASED.stem}


@pytest.mark.parametrize("kind", [record.kind_name for record in RECORDS])
def test_every_field_is_described(kind):
    schema = schemas()[kind]

    for part in (schema, *schema.get("$defs", {}).values()):
        fields = part.get("properties", {})
        assert [name for name, field in fields.items() if not field.get("description")] == []


def test_records_of_the_last_release_are_still_accepted():
    assert changes_since_release() == []


def test_a_release_that_knew_a_stricter_world_is_caught(tmp_path):
    released = json.loads(RELEASED.read_text("utf-8"))
    released["schemas"]["order"]["properties"]["mood"] = {"type": "string"}
    released["schemas"]["mood"] = {}
    path = tmp_path / "released.json"
    path.write_text(json.dumps(released), "utf-8")

    assert changes_since_release(path) == ["mood: kind of record removed", "order.mood: removed"]
