"""
What statements of consent come to. Pure: any order, any repetition, the same answer.

A grant with proof stands unless a no is as new, or newer. A grant without proof (an import's, or one
that names no evidence) stands only where nothing else was said. A statement on a topic comes before
one on the purpose at large; but a topic's yes has to be newer than a no to the purpose.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from tokui.model import Purpose
from tokui.store.consents import ANY, NO, Said

State: TypeAlias = Literal["granted", "denied", "revoked", "unknown"]

WEAK = frozenset({"", "import"})
"""Evidence that proves nothing to somebody who said no, or of whom it is not known."""


class Standing(NamedTuple):
    """
    What somebody's word comes to, for one contact point, purpose and topic.

    Attributes:
        state: As in `Consent`; only `granted` is a yes.
        because: The statement that decided; None when nothing was said.
        nowhere: The no is to being contacted at all, however reached.
    """

    state: State
    because: Said | None = None
    nowhere: bool = False

    @property
    def granted(self) -> bool:
        """Is it a yes?"""
        return self.state == "granted"

    def allows(self, purpose: Purpose | str) -> bool:
        """Marketing needs a yes, a service that nobody said no; what is owed is sent in any case."""
        if purpose == "marketing":
            return self.granted
        return purpose == "transactional" or self.state not in NO

    @property
    def reason(self) -> str:
        """Why a message is refused: `unknown`, `denied`, `revoked` or `nowhere`."""
        return "nowhere" if self.nowhere else self.state


UNKNOWN = Standing("unknown")


def standing(
    said: Iterable[Said], point: str, purpose: Purpose | str, topic: str | None = None
) -> Standing:
    """
    Whether a person may be written to there.

    Args:
        said: By whom shares the contact point; and by the person, of `any` contact.
        point: `kind:issuer:key`, as `identifier.token`.
        purpose: What for.
        topic: The narrower subject; None is the purpose at large.
    """
    about = [each for each in said if each.purpose == purpose and each.topic in ("", topic)]
    person = [each for each in about if each.contact == ANY]
    nowhere = _of_topic(person, topic)
    if nowhere.state in NO:
        return nowhere._replace(nowhere=True)
    return _of_topic([each for each in about if _concerns(each, point)], topic)


def is_proof(evidence: str) -> bool:
    """Is this evidence enough to turn a no into a yes?"""
    return evidence.strip().lower() not in WEAK


def _concerns(each: Said, point: str) -> bool:
    """A no to `any` contact is weighed by itself; a yes to it is one for the points that it is bound to."""
    return point in (each.points or ()) and not (each.contact == ANY and each.state in NO)


def _of_topic(said: Sequence[Said], topic: str | None) -> Standing:
    """A topic's own statements come first."""
    wide = _fold([each for each in said if not each.topic])
    own = _fold([each for each in said if topic and each.topic == topic])
    if own.because is None:
        return wide
    if own.state == "unknown":
        return wide if wide.state in NO or _is_proven(wide) else own
    if own.granted and not _outweighs(own, wide):
        return wide
    return own


def _outweighs(own: Standing, wide: Standing) -> bool:
    """Does a topic's yes stand, whatever was said of the purpose at large?"""
    if wide.state in NO:
        return _is_proven(own) and _when(own.because) > _when(wide.because)
    return wide.granted or wide.because is None or _is_proven(own)


def _fold(said: Sequence[Said]) -> Standing:
    """Statements of one scope."""
    no = _latest(each for each in said if each.state in NO)
    yes = _latest(each for each in said if each.state == "granted" and is_proof(each.evidence))
    if yes and (no is None or _when(yes) > _when(no)):
        return Standing("granted", yes)
    unproven = _latest(each for each in said if each.state == "granted")
    unknown = _latest(each for each in said if each.state == "unknown")
    because = no or unknown or unproven
    return Standing(_STATES[because.state], because) if because else UNKNOWN


def _is_proven(found: Standing) -> bool:
    return found.granted and found.because is not None and is_proof(found.because.evidence)


def _latest(said: Iterable[Said]) -> Said | None:
    return max(said, key=lambda each: (_when(each), *_told(each)), default=None)


def _told(each: Said) -> tuple[str, ...]:
    """Decides between equals, so that the order does not."""
    return tuple(str(part) for part in each)


def _when(each: Said | None) -> int:
    """
    The moment that counts: never later than the statement was read.

    A no without a time is as new as it can be, a yes as old.
    """
    if each is None:
        return 0
    if not each.occurred_us:
        return each.at_us if each.state in NO else 0
    return min(each.occurred_us, each.at_us)


_STATES: dict[str, State] = {name: name for name in ("granted", "denied", "revoked", "unknown")}
