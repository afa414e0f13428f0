"""What may be asked of the books, and how a repetition is told from something else."""

import re
from dataclasses import fields
from datetime import datetime
from hashlib import sha256

from pydantic_core import to_json

from tokui.connector import Capture, Earn, Hold, Member, Move, Redeem, Reverse, Transfer, Void
from tokui.errors import PolicyRefusal
from tokui.model import microseconds

MOST = 10**12
"""Points of one transfer; a member's balance stays far below what the columns hold."""

LONGEST = 200
NEVER = 2**62
"""Stands for an end that never comes, in microseconds."""

OWN = ("expire:", "release:", "arrive:")
"""How the keys begin that the books make themselves."""

KINDS: dict[type[Transfer], str] = {
    Earn: "earn",
    Redeem: "redeem",
    Reverse: "reverse",
    Hold: "hold",
    Capture: "capture",
    Void: "void",
    Move: "move",
}

_UNIT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MONEY = frozenset(
    # ISO 4217, list one, and what people call money
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn "
    "bzd cad cdf chf clf clp cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel "
    "ghs gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw "
    "krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd mmk mnt mop mru mur mvr mwk mxn myr mzn "
    "nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sdg sek "
    "sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyi uyu "
    "uzs ved ves vnd vuv wst xaf xcd xcg xof xpf yer zar zmw zwg "
    "bitcoin btc cash cent cents coin coins dollar dollars euro euros eth money pence pound pounds "
    "rmb sen usdc usdt won yen yuan".split()
)


def checked(transfer: Transfer) -> Transfer:
    """
    The transfer, if it is one that the books can keep.

    Raises:
        PolicyRefusal: A money unit, no whole number of points above 0, a text that is empty, too long
            or of characters that no database takes, an end before the beginning.
    """
    _check_unit(transfer.member.programme)
    texts = {"key": transfer.key, "member number": transfer.member.member_no}
    if isinstance(transfer, Reverse | Capture | Void):
        texts["key of what it is about"] = transfer.of
    if isinstance(transfer, Move):
        texts["other member number"] = transfer.to
        if transfer.to == transfer.member.member_no:
            raise _refused("points are moved to another member")
    for name, value in texts.items():
        _check_text(name, value)
    _check_text("reason", transfer.reason, empty=True)
    if transfer.key.startswith(OWN):
        raise _refused(f"keys that begin with {', '.join(OWN)} are the books' own")
    _check_points(transfer)
    _check_times(transfer)
    return transfer


def _check_unit(unit: str) -> None:
    if unit.lower() in _MONEY:
        raise _refused("the books keep points, never money", "name the programme, not a currency")
    if not _UNIT.fullmatch(unit):
        raise _refused(
            "the name of a programme is made of small letters, digits, `.`, `_` and `-`, 64 at most"
        )


def _check_text(name: str, value: str, *, empty: bool = False) -> None:
    if not (value or empty) or len(value) > LONGEST or "\0" in value:
        raise _refused(f"the {name} is empty, longer than {LONGEST} or has NUL characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refused(f"the {name} has lone surrogates") from None


def _check_points(transfer: Transfer) -> None:
    points = getattr(transfer, "points", None)
    if points is None and isinstance(transfer, Reverse | Capture | Void | Move):
        return
    if type(points) is not int or not 0 < points <= MOST:
        raise _refused(f"points are a whole number from 1 to {MOST:,}")


def _check_times(transfer: Transfer) -> None:
    times = [getattr(transfer, name, None) for name in ("active_at", "expires_at", "until")]
    if any(time is not None and time.tzinfo is None for time in times):
        raise _refused("a time without a zone")
    begin, end = getattr(transfer, "active_at", None), getattr(transfer, "expires_at", None)
    if begin is not None and end is not None and begin >= end:
        raise _refused("points that end before they begin")


def _refused(what: str, todo: str | None = None) -> PolicyRefusal:
    return PolicyRefusal(what, who="books", todo=todo)


def fingerprint(transfer: Transfer) -> str:
    """SHA-256 of everything but the key."""
    body = {
        each.name: _plain(getattr(transfer, each.name))
        for each in fields(transfer)
        if each.name != "key"
    }
    return sha256(to_json([KINDS[type(transfer)], body])).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Member):
        return [value.programme, value.member_no]
    return microseconds(value) if isinstance(value, datetime) else value
