"""What identifiers of one kind and issuer say of two customers. Pure."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import product

from tokui.identity.compare import slipped
from tokui.identity.normalise.contact import phone_type
from tokui.identity.terms import TERMS, Term

TAIL = 8
"""Last characters of a member number that a till may print instead of all."""

MOST = 100
"""Pairs of one's IDs and the other's that are looked at for a slip."""

STRENGTHS = ("shareable", "strong", "sole", "unique")
"""The weakest first; what two share is worth what the weaker says. `sole`: a verified value of a kind
that a person has one of."""


def numbers(
    series: str, left: Mapping[str, str], right: Mapping[str, str], shared: Collection[str]
) -> Term | None:
    """
    Compare two customers' identifiers of one kind and issuer.

    Args:
        series: `kind:issuer`.
        left: The one's match keys, each with its strength.
        right: The other's.
        shared: Tokens that too many people bear to prove much.
    """
    kind = series.partition(":")[0]
    common = [key for key in left if key in right]
    if common:
        found = [_same(series, kind, key, left, right, shared) for key in common]
        return found[0] if len(found) == 1 else max(found, key=_weight)
    if kind not in ("email", "phone") and (_ends(left, right) or _ends(right, left)):
        return TERMS["number.tail"]
    return _differ(kind, left, right)


def _weight(term: Term) -> int:
    return term.family + term.stranger


def _same(
    series: str,
    kind: str,
    key: str,
    left: Mapping[str, str],
    right: Mapping[str, str],
    shared: Collection[str],
) -> Term:
    strength = left[key]
    if strength != right[key]:
        strength = min(strength, right[key], key=STRENGTHS.index)
    if strength == "unique":
        return TERMS["unique.same"]
    if f"{series}:{key}" in shared:
        return TERMS["shared.same"]
    if kind == "email":
        return TERMS["email.same" if strength == "shareable" else "email.verified"]
    if kind == "phone":
        weak = "mobile.same" if _is_mobile(key) else "landline.same"
        return TERMS[weak if strength == "shareable" else "phone.verified"]
    return TERMS["number.weak" if strength == "shareable" else "number.same"]


def _ends(short: Collection[str], long: Collection[str]) -> bool:
    """Does a number of `long` end in a whole one of `short`?"""
    sizes = {len(each) for each in short if len(each) >= TAIL}
    return any(each[-size:] in short for each in long for size in sizes if size < len(each))


def _differ(kind: str, left: Mapping[str, str], right: Mapping[str, str]) -> Term | None:
    worth = {*left.values(), *right.values()}
    if worth == {"sole"}:
        return TERMS["sole.differ"]
    if worth == {"unique"}:
        few = len(left) * len(right) <= MOST
        slip = few and any(slipped(one, other) for one, other in product(left, right))
        return TERMS["unique.near" if slip else "unique.differ"]
    if kind == "email":
        return TERMS["email.differ"]
    if kind != "phone":
        return TERMS["number.differ"]
    mobile = all(map(_is_mobile, left)) and all(map(_is_mobile, right))
    return TERMS["mobile.differ"] if mobile else None


@lru_cache(8192)
def _is_mobile(key: str) -> bool:
    """Rings in a person's pocket; 0800 begins toll-free numbers and mobile ones alike."""
    return phone_type(key) != "landline"
