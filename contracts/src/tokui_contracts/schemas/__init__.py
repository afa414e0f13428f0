"""
JSON Schemas of the records: one file for each kind, generated from the models.

`released.json` holds them as of the last release; what a plugin built then must still be accepted.
"""

import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokui import __version__
from tokui.model import RECORDS, Record

from tokui_contracts.schemas.compare import Schema, incompatible

__all__ = ["attributes", "changes_since_release", "incompatible", "schemas", "write"]

FOLDER = Path(__file__).parent
RELEASED = FOLDER / "released.json"

_ENTRY = re.compile(r"^    (\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def schemas() -> dict[str, dict[str, Any]]:
    """Generate the schema of every kind of record, by kind."""
    return {record.kind_name: _schema(record) for record in RECORDS}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write one file for each kind; say which."""
    written = []
    for kind, schema in schemas().items():
        path = folder / f"{kind}.json"
        path.write_text(_text(schema), encoding="utf-8")
        written.append(path)
    return written


def release(path: Path = RELEASED) -> None:
    """Take the present schemas as those of the released version."""
    path.write_text(_text({"version": __version__, "schemas": schemas()}), encoding="utf-8")


def changes_since_release(path: Path = RELEASED) -> list[str]:
    """List what would refuse records that the last release accepted."""
    before: Mapping[str, Schema] = json.loads(path.read_text("utf-8"))["schemas"]
    now = schemas()
    found = [f"{kind}: kind of record removed" for kind in before if kind not in now]
    for kind in before.keys() & now.keys():
        found += [f"{kind}{change}" for change in incompatible(before[kind], now[kind])]
    return sorted(found)


def attributes(docstring: str) -> dict[str, str]:
    """Read the fields that a docstring documents under `Attributes:`, each on one line."""
    section = docstring.partition("Attributes:\n")[2]
    return {name: " ".join(text.split()) for name, text in _ENTRY.findall(section)}


def _schema(record: type[Record]) -> dict[str, Any]:
    schema = record.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        _describe(part, attributes(inspect.getdoc(Record) or ""))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _describe(part: dict[str, Any], inherited: Mapping[str, str]) -> None:
    """Move what a docstring says of each field to that field."""
    text = part.get("description", "")
    said = {**inherited, **attributes(text)}
    for name, field in part.get("properties", {}).items():
        if name in said:
            field["description"] = said[name]
    if text:
        part["description"] = text.partition("Attributes:\n")[0].strip()


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
