"""What a query costs, and the bucket it is paid from (Shopify API limits, "Calculated query cost")."""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    get_named_type,
    is_leaf_type,
    value_from_ast_untyped,
)

from tokui_contracts.faults import Fault

MOST = 1000
"""Points that one query may cost."""

MUTATION = 10

THROTTLED = Fault(
    "answer",
    says='{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":'
    '{"requestedQueryCost":500,"actualQueryCost":null,"throttleStatus":'
    '{"maximumAvailable":2000.0,"currentlyAvailable":400,"restoreRate":100.0}}}}',
)
"""The bucket is empty: HTTP 200, for a fault proxy."""


class Estimate:
    """
    The requested cost of one operation.

    An object is one point, a scalar none, a connection two points and its page size times what is in
    each node; a mutation is ten. Shopify's own figures for wide connections are lower.
    """

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._variables = dict(variables)
        self._fragments = {
            part.name.value: part
            for part in document.definitions
            if isinstance(part, FragmentDefinitionNode)
        }

    def of(self, operation: OperationDefinitionNode) -> int:
        """Points asked for."""
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            return 0
        fields = operation.selection_set.selections
        extra = MUTATION * len(fields) if operation.operation is OperationType.MUTATION else 0
        return extra + self._selections(fields, root)

    def _flat(
        self, selections: tuple[SelectionNode, ...], parent: GraphQLNamedType
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType]]:
        """Fields with the type they are of, through all fragments that are not switched off."""
        for part in selections:
            if self._off(part):
                continue
            if isinstance(part, FieldNode):
                yield part, parent
                continue
            body: Any = part
            if isinstance(part, FragmentSpreadNode):
                body = self._fragments[part.name.value]
            on = body.type_condition
            inner = self._schema.get_type(on.name.value) if on else parent
            if inner is not None:
                yield from self._flat(body.selection_set.selections, inner)

    def _off(
        self, part: FieldNode | FragmentSpreadNode | InlineFragmentNode | SelectionNode
    ) -> bool:
        for directive in part.directives or ():
            value = self._argument(directive, "if")
            if value is (directive.name.value == "skip"):
                return True
        return False

    def _selections(self, selections: tuple[SelectionNode, ...], parent: GraphQLNamedType) -> int:
        return sum(self._field(node, kind) for node, kind in self._flat(selections, parent))

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> int:
        if not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return 0
        definition = parent.fields.get(node.name.value)
        if definition is None or node.selection_set is None:
            return 0
        kind = get_named_type(definition.type)
        if is_leaf_type(kind):
            return 0
        inner = self._selections(node.selection_set.selections, kind)
        if kind.name.endswith("Connection"):
            size = self._argument(node, "first") or self._argument(node, "last") or 1
            return 2 + int(size) * max(1, inner)
        free = node.name.value == "pageInfo" or parent.name.endswith(("Connection", "Edge"))
        ids = self._argument(node, "ids")
        times = len(ids) if isinstance(ids, list) else 1
        return inner if free else times * (1 + inner)

    def _argument(self, node: Any, name: str) -> Any:
        for argument in node.arguments or ():
            if argument.name.value == name:
                return value_from_ast_untyped(argument.value, self._variables)
        return None


def actual(data: Any) -> int:
    """Points that an answer cost in the end: one for each object in it."""
    if isinstance(data, list):
        return sum(map(actual, data))
    if not isinstance(data, dict):
        return 0
    return 1 + sum(actual(value) for key, value in data.items() if key != "pageInfo")


@dataclass
class Bucket:
    """
    Points that fill up again.

    Attributes:
        maximum: Points when full.
        restore: Points that come back each second.
    """

    maximum: float = 20_000.0
    restore: float = 1_000.0
    _level: float = field(init=False)
    _at: float = field(init=False, default_factory=time.monotonic)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._level = self.maximum

    def take(self, points: float) -> bool:
        """Pay; False when there is not enough. Negative points are paid back."""
        with self._lock:
            now = time.monotonic()
            self._level = min(self.maximum, self._level + (now - self._at) * self.restore)
            self._at = now
            enough = points <= self._level
            if enough:
                self._level = min(self.maximum, self._level - points)
            return enough

    def status(self) -> dict[str, float]:
        """As in `extensions.cost.throttleStatus`."""
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": float(int(self._level)),
            "restoreRate": self.restore,
        }
