"""
Which statements are here already.

One without a time is not, where a source said another after it and says it again: whoever says no,
then yes, then no to a till that keeps no dates has said no.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from tokui.store.engine import Row

SUBJECT, STATE, OCCURRED = slice(0, 5), 5, 6
"""Places in the key of a statement."""


def heard_before(rows: Iterable[Row], said: Collection[Row]) -> set[Row]:
    """
    Keys of what is here and is not said anew. Pure.

    Args:
        rows: What is here: the keys, each with when it was read and who wrote it down.
        said: Keys of what is said now.
    """
    known: set[Row] = set()
    undated: dict[Row, dict[Row, int]] = defaultdict(dict)
    for *parts, at_us, actor in rows:
        key = tuple(parts)
        known.add(key)
        if actor is None and not key[OCCURRED]:
            undated[key[SUBJECT]][key] = at_us
    each_subject = undated.values()
    return known - {key for some in each_subject for key in some if _is_anew(key, some, said)}


def _is_anew(key: Row, undated: Mapping[Row, int], said: Collection[Row]) -> bool:
    """What a source says together with the other is no change of mind."""
    return any(
        at_us > undated[key] and other[STATE] != key[STATE] and other not in said
        for other, at_us in undated.items()
    )
