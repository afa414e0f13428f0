# ruff: noqa: INP001 - a script
"""
Trim Shopify's Admin introspection to what a customer ledger can ask for.

    python contracts/tools/trim_shopify_schema.py SOURCE.json[.gz] TARGET.json.gz

Kept are the queries and mutations named here and every object within `REACH` steps of them
(a connection and its edge are no step). A field that leads further out is dropped, everything
else (arguments, enums, deprecations) is Shopify's, unchanged. Same source, same bytes out.
"""

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REACH = 2
QUERIES = """
    currentAppInstallation customer customerByIdentifier customerMergeJobStatus customers
    customersCount deletionEvents fulfillment giftCard giftCards giftCardsCount inventoryItem
    inventoryItems inventoryLevel job location locationByIdentifier locations locationsCount
    metafieldDefinition metafieldDefinitions node nodes order orderByIdentifier orders ordersCount
    product productByIdentifier productVariant productVariantByIdentifier productVariants
    productVariantsCount products productsCount publicApiVersions refund return shop staffMember
    staffMembers tenderTransactions
""".split()
MUTATIONS = """
    customerAddressCreate customerAddressUpdate customerCancelDataErasure customerCreate
    customerDelete customerEmailMarketingConsentUpdate customerMerge customerRequestDataErasure
    customerSet customerSmsMarketingConsentUpdate customerUpdate metafieldsSet tagsAdd tagsRemove
""".split()
COMPOSITE = ("OBJECT", "INTERFACE", "UNION")
Json = dict[str, Any]


def named(ref: Json) -> str:
    """The type under lists and non-nulls."""
    while ref.get("ofType"):
        ref = ref["ofType"]
    return str(ref["name"])


def steps_from(kind: Json) -> Iterator[str]:
    """The composite types that a type leads to."""
    for field in kind["fields"] or ():
        yield named(field["type"])
    if kind["kind"] == "UNION" or (kind["kind"] == "INTERFACE" and kind["name"] != "Node"):
        yield from (possible["name"] for possible in kind["possibleTypes"])


def near(types: dict[str, Json], ring: set[str]) -> set[str]:
    """Composite types within `REACH` steps of the ring."""
    kept: set[str] = set()
    for _ in range(REACH + 1):
        todo, ring = ring, set()
        while todo:
            name = todo.pop()
            kind = types[name]
            if name in kept or kind["kind"] not in COMPOSITE:
                continue
            kept.add(name)
            free = re.search(r"(Connection|Edge)$", name) or kind["kind"] != "OBJECT"
            (todo if free else ring).update(steps_from(kind))
    return kept


def prune(kind: Json, kept: set[str], types: dict[str, Json]) -> Json:
    """Drop fields, interfaces and union members that lead out of the kept set."""

    def stays(name: str) -> bool:
        return types[name]["kind"] not in COMPOSITE or name in kept

    fields = [f for f in kind["fields"] or () if stays(named(f["type"]))]
    members = {
        key: [ref for ref in kind[key] or () if ref["name"] in kept]
        for key in ("interfaces", "possibleTypes")
        if kind[key] is not None
    }
    return {**kind, "fields": fields, **members}


def inputs_of(kind: Json) -> Iterator[str]:
    """Scalars, enums and input objects that a kept type needs."""
    for field in kind["fields"] or ():
        yield named(field["type"])
        yield from (named(argument["type"]) for argument in field["args"])
    yield from (named(field["type"]) for field in kind["inputFields"] or ())


def with_inputs(kinds: dict[str, Json], types: dict[str, Json], directives: list[Json]) -> set[str]:
    """The names of all types that a schema of these kinds needs."""
    todo = set(kinds) | {"Boolean", "String", "Int", "Float", "ID"}
    todo |= {named(arg["type"]) for directive in directives for arg in directive["args"]}
    done: set[str] = set()
    while todo:
        name = todo.pop()
        done.add(name)
        todo.update(set(inputs_of(kinds.get(name, types[name]))) - done)
    return done


def trim(schema: Json) -> Json:
    """The schema, as far as it is near the named queries and mutations."""
    types = {kind["name"]: kind for kind in schema["types"]}
    for root, names in (("queryType", set(QUERIES)), ("mutationType", set(MUTATIONS))):
        kind = types[schema[root]["name"]]
        kind["fields"] = [field for field in kind["fields"] if field["name"] in names]
        missing = names - {field["name"] for field in kind["fields"]}
        if missing:
            raise SystemExit(f"not in the source: {', '.join(sorted(missing))}")
    roots = {schema["queryType"]["name"], schema["mutationType"]["name"]}
    start = roots | {target for root in roots for target in steps_from(types[root])}
    kept = near(types, start)
    while True:
        kinds = {name: prune(types[name], kept, types) for name in kept}
        hollow = {n for n, k in kinds.items() if not (k["possibleTypes"] or k["fields"])}
        if not hollow:
            break
        kept -= hollow
    needed = with_inputs(kinds, types, schema["directives"])
    spec = {n for n in types if n.startswith("__")}
    return {**schema, "types": [kinds.get(n, types[n]) for n in types if n in needed | spec]}


def shorten(value: Any) -> Any:
    """Without prose: a test double needs the shapes, and the reasons for deprecation."""
    if isinstance(value, dict):
        return {k: shorten(v) for k, v in value.items() if k != "description"}
    return [shorten(v) for v in value] if isinstance(value, list) else value


def main() -> None:
    """Trim SOURCE into TARGET."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    arguments.add_argument("source", type=Path)
    arguments.add_argument("target", type=Path)
    chosen = arguments.parse_args()
    raw = chosen.source.read_bytes()
    loaded = json.loads(gzip.decompress(raw) if chosen.source.suffix == ".gz" else raw)
    trimmed = shorten(trim(loaded.get("data", loaded)["__schema"]))
    text = json.dumps({"__schema": trimmed}, separators=(",", ":"), sort_keys=True)
    chosen.target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sys.stdout.write(f"{len(trimmed['types'])} types, {chosen.target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
