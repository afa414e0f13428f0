from collections.abc import Iterator
from importlib.resources import files

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    validate,
    visit,
)
from graphql.utilities import value_from_ast_untyped
from tokui_contracts.shopify import VERSION, schema
from tokui_shopify.client import QUERY_LIMIT, document
from tokui_shopify.listing import Listing
from tokui_shopify.paging import CUSTOMERS, LOCATIONS, ORDERS, PRODUCTS, REFUNDS, STOCK
from tokui_shopify.settings import ShopifySettings
from tokui_shopify.stock import AT_ONCE

DOCUMENTS = sorted(
    entry.name.removesuffix(".graphql") for entry in (files("tokui_shopify") / "queries").iterdir()
)

UNREPLACED = {
    "CustomerPhoneNumber.marketingState": "smsMarketingConsent",
    "CustomerPhoneNumber.marketingOptInLevel": "smsMarketingConsent",
    "CustomerPhoneNumber.marketingUpdatedAt": "smsMarketingConsent",
    "CustomerPhoneNumber.marketingCollectedFrom": "smsMarketingConsent",
}
"""Deprecated for a field that this version of the API does not have yet."""


class Deprecated(Visitor):
    """Writes down each deprecated field, argument and enum value that a document uses."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.used: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        field, parent = self.info.get_field_def(), self.info.get_parent_type()
        assert field
        assert parent
        if field.deprecation_reason:
            self.used.add(f"{parent.name}.{node.name.value}")

    def enter_argument(self, node: object, *_: object) -> None:
        argument = self.info.get_argument()
        if argument and argument.deprecation_reason:
            self.used.add(f"argument {node}")

    def enter_enum_value(self, node: object, *_: object) -> None:
        kind, value = get_named_type(self.info.get_input_type()), self.info.get_enum_value()
        if isinstance(kind, GraphQLEnumType) and value and value.deprecation_reason:
            self.used.add(f"{kind.name} {node}")


def deprecated(text: str) -> set[str]:
    info = TypeInfo(schema())
    found = Deprecated(info)
    visit(parse(text), TypeInfoVisitor(info, found))
    return found.used


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_is_valid_by_shopifys_own_schema(name: str) -> None:
    errors: list[GraphQLError] = validate(schema(), parse(document(name)))

    assert errors == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_uses_anything_deprecated_that_has_a_replacement(name: str) -> None:
    assert deprecated(document(name)) <= set(UNREPLACED)


@pytest.mark.parametrize(("name", "replacement"), UNREPLACED.items())
def test_what_is_deprecated_and_used_has_no_replacement_yet(name: str, replacement: str) -> None:
    kind = name.partition(".")[0]

    assert replacement not in schema().get_type(kind).fields  # type: ignore[union-attr]


def test_the_search_for_deprecated_parts_finds_a_planted_one() -> None:
    planted = "{ customers(first: 1) { nodes { email emailMarketingConsent { marketingState } } } }"

    assert deprecated(planted) == {"Customer.email", "Customer.emailMarketingConsent"}


def test_the_settings_ask_for_the_version_the_queries_are_checked_against() -> None:
    assert ShopifySettings.model_fields["api_version"].default == VERSION


@pytest.mark.parametrize("listing", [LOCATIONS, PRODUCTS, CUSTOMERS, ORDERS, STOCK])
def test_the_planned_cost_of_a_listing_is_what_its_query_costs(listing: Listing) -> None:
    one, two = (points(listing.file, listing.operation, first=n, count=1) for n in (1, 2))
    extra = 1 if listing is CUSTOMERS else 0

    assert (listing.cost, listing.each + extra) == (2 * one - two, two - one)


def test_queries_whose_size_is_fixed_stay_under_the_limit() -> None:
    stock = points("stock", "Stock", first=AT_ONCE, locations=AT_ONCE)
    refund = points("orders", "Refunds")

    assert refund == REFUNDS.cost + REFUNDS.each
    assert max(stock, refund) < QUERY_LIMIT


def points(name: str, operation: str, **variables: int) -> int:
    """Object 1, connection 2 + items, scalar 0 (GraphQL Admin API rate limits)."""
    tree = parse(document(name))
    start = next(d for d in tree.definitions if getattr(d.name, "value", "") == operation)
    return sum(_points(start.selection_set, schema().query_type, tree, variables))


def _points(
    selected: SelectionSetNode, parent: object, tree: DocumentNode, variables: dict[str, int]
) -> Iterator[int]:
    for node in selected.selections:
        if isinstance(node, FragmentSpreadNode):
            node = next(d for d in tree.definitions if d.name.value == node.name.value)
        if not isinstance(node, FieldNode):
            kind = schema().get_type(node.type_condition.name.value)
            yield from _points(node.selection_set, kind, tree, variables)
        elif node.selection_set:
            kind = get_named_type(parent.fields[node.name.value].type)
            inside = sum(_points(node.selection_set, kind, tree, variables))
            args = {
                a.name.value: value_from_ast_untyped(a.value, variables)
                for a in node.arguments or ()
            }
            if "pageInfo" in getattr(kind, "fields", {}):
                yield 2 + args["first"] * max(1, inside)
            elif node.name.value in ("nodes", "pageInfo") and "pageInfo" in parent.fields:
                yield inside
            else:
                yield 1 + inside
