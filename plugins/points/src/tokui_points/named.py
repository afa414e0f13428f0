"""Connections that settings name: they must be there."""

from collections.abc import Collection, Mapping


def configured(context: object) -> set[str] | None:
    """Names of the connections that are configured, where the reader of the file says them."""
    known = context.get("connections") if isinstance(context, Mapping) else None
    return None if known is None else {*known}


def check_named(by: str, names: Collection[str], known: Collection[str] | None) -> None:
    """
    Go on if each is configured, or nobody says what is.

    Raises:
        ValueError: One is not.
    """
    if known is not None and (unknown := {*names}.difference(known)):
        raise ValueError(f"{by}: there is no connection `{min(unknown)}`")
