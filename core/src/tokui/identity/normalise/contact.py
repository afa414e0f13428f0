"""
Match keys: when two written values are one identifier.

A key is for comparing, never for sending: the raw value stays in the customer's record. Plain
addresses and common Japanese numbers take a path of one regular expression each, equal to what
email-validator and phonenumbers answer; those two are slow (to import as well) and take the rest.
"""

import re
import unicodedata
from typing import Literal

from tokui.identity.normalise.kanji import is_damaged
from tokui.identity.normalise.numbers import is_placeholder

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"(?!..--)[a-z0-9]++(?:-++[a-z0-9]++)*+"
# Plain: no `xn--` label and none of the special-use domains that email-validator refuses.
_PLAIN_EMAIL = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)++(?!(?:arpa|invalid|local|localhost|onion)\Z)[a-z]{{2,63}}"
)
_MOST = 512  # characters of an identifier, as the model has it
_NO_LIMIT = 64  # shorter addresses cannot meet a length limit of RFC 5321 or RFC 1035

# Until 2009 the carriers gave out addresses with dots that RFC 5321 forbids; they still work.
_CARRIER_EMAIL = re.compile(
    r"(?P<quote>\"?)(?P<local>[a-z0-9._+/?-]*[a-z0-9_][a-z0-9._+/?-]*)(?P=quote)@(?P<domain>"
    r"docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|(?:[a-z0-9-]+\.)?biz\.ezweb\.ne\.jp|softbank\.ne\.jp"
    r"|i\.softbank\.jp|disney\.ne\.jp|[a-z]\.vodafone\.ne\.jp|jp-[a-z]\.ne\.jp|pdx\.ne\.jp"
    r"|[a-z]{2}\.pdx\.ne\.jp|willcom\.com|emnet\.ne\.jp|ymobile\.ne\.jp|y-mobile\.ne\.jp|uqmobile\.jp)"
)

# Eight digits that are not all the same (nobody's number, typed to pass a form). Mobile and IP
# numbers (050 to 090) are taken whatever follows, for a key need not ring; landlines have nine.
_COMMON_PHONE = re.compile(
    r"(?:\+81[ -]?|0)(?:([5-9]0)[ -]?(?!(\d)\2{3}[ -]?\2{4}\Z)(\d{4})[ -]?(\d{4})"
    r"|([36])[ -]?(?!(\d)\6{3}[ -]?\6{4}\Z)([1-9]\d{3})[ -]?(\d{4}))",
    re.ASCII,
)
_MOBILE = re.compile(r"(?:\+?81\(?0?\)?|0)([5-9]0\d{8})", re.ASCII)
_LANDLINE = re.compile(r"(?:\+81\(?0?\)?|0)((?![25-9]0)[1-9]\d{8})", re.ASCII)
# Behind a number: (代), (母), 内線 12, and the .0 that a spreadsheet leaves.
_REMARK = re.compile(r"(?:\s*内線\W*\d{1,6}|\.0|[^\d+]+)\Z")
_PUNCTUATION = re.compile(r"[\s()./‐-―−ー-]+")

_RELAY = re.compile(
    r"(?:privaterelay\.appleid\.com|marketplace\.amazon\.[a-z.]+|fw\.rakuten\.ne\.jp|[^@]+\.fw\.[^@]+)"
)
# One mailbox whatever the dots and +tag (support.google.com/mail, 7436150); one under two names.
_GMAIL = ("gmail.com", "googlemail.com")

PhoneType = Literal["mobile", "landline", "ip", "toll_free", "other"]
_PHONE_TYPES: tuple[tuple[str, PhoneType], ...] = (
    ("+81120", "toll_free"),
    ("+81800", "toll_free"),
    ("+8160", "mobile"),
    ("+8170", "mobile"),
    ("+8180", "mobile"),
    ("+8190", "mobile"),
    ("+8150", "ip"),
    ("+81", "landline"),
)

_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
)
_GROUPS = re.compile("[\\s‐-―−ー-]+")  # as printed on a card: 2900 1234 5678
_DIGITS = re.compile("[0-9](?:[0-9\\s‐-―−ー-]*[0-9])?")
_NOTHING = re.compile(
    r"[\W0_]*|\W*(?:null|none|nil|nan|n/?a|undefined|unknown|test|dummy"
    r"|(?:該当)?(?:なし|ナシ|無し?)|不明|未(?:登録|設定|入力))\W*",
    re.IGNORECASE,
)


def normalise(kind: str, value: str, *, country: str = "JP") -> str | None:
    """
    Give the match key of an identifier value, or None when it cannot be one.

    None is for what is empty, invalid or endless, for placeholders (`000-0000-0000`, `none@none.co.jp`),
    and for values with a lost character (〓).

    Args:
        kind: `email` gives a lower-case address (Gmail without dots and +tag), `phone` E.164,
            also of a
            Japanese number in a range that is not given out; `member_no` the digits without the
            blanks and hyphens between them; every other kind is compared as written, in NFKC.
        value: As the source writes it.
        country: ISO 3166-1 alpha-2, for phone numbers without a country code.
    """
    if len(value) > _MOST:
        return None
    if kind == "email":
        return _email(value)
    if kind == "phone":
        return _phone(value, country)
    text = _clean(value)
    if _NOTHING.fullmatch(text):
        return None
    return _GROUPS.sub("", text) if kind == "member_no" and _DIGITS.fullmatch(text) else text


def issuer_of(
    kind: str,
    rule_issuer: str | None,
    identifier_issuer: str | None,
    connection: str,
    key: str = "",
    *,
    relays: tuple[str, ...] = (),
) -> str:
    """
    Say who gave a value out; values of different issuers never meet.

    The identifier's own issuer wins over its stream's rule; then it is `*` for email and phone,
    else the connection. A relay address (`key`) is one connection's own name for a person.
    """
    if issuer := identifier_issuer or rule_issuer:
        return issuer
    if kind not in ("email", "phone") or (kind == "email" and is_relay(key, relays)):
        return connection
    return "*"


def is_relay(key: str, relays: tuple[str, ...] = ()) -> bool:
    """Whether an address forwards to a customer under a name of one shop's own; `relays` are more domains."""
    _, at, domain = key.rpartition("@")
    if at and _RELAY.fullmatch(domain):
        return True
    return bool(relays) and any(domain == each or domain.endswith(f".{each}") for each in relays)


def deliverable(value: str) -> str | None:
    """The address that can be sent to: dots and +tag kept, unlike the key; None when it is none."""
    found = _address(value)
    return found if found and not is_placeholder("email", found) else None


def email_parts(key: str) -> tuple[str, str]:
    """The mailbox and the domain of an e-mail key."""
    local, _, domain = key.rpartition("@")
    return local, domain


def phone_type(key: str) -> PhoneType:
    """What an E.164 number rings, by the prefixes of Japan's numbering plan; `other` is abroad."""
    return next((found for prefix, found in _PHONE_TYPES if key.startswith(prefix)), "other")


def _clean(value: str) -> str:
    """NFKC, trimmed, without invisible marks; empty when a character was lost."""
    if value.isascii():
        return value.strip()
    if is_damaged(value):
        return ""
    return unicodedata.normalize("NFKC", value).translate(_INVISIBLE).strip()


def _email(value: str) -> str | None:
    found = _address(value)
    key = _mailbox(found) if found else None
    return key if key and not is_placeholder("email", key) else None


def _address(value: str) -> str | None:
    """The address in lower case, as it was validated."""
    key = value.lower()
    if _is_plain(key):
        return key
    text = _unwrapped(_clean(value))
    key = text.lower()
    if carrier := _CARRIER_EMAIL.fullmatch(key):
        return f"{carrier['local']}@{carrier['domain']}"
    return key if _is_plain(key) else _validated_email(text)


def _unwrapped(text: str) -> str:
    """Without what mail programs and lists put around an address: `Taro <taro@example.jp>;`."""
    return text.rpartition("<")[2].removeprefix("mailto:").rstrip(" >,;.、。")


def _is_plain(address: str) -> bool:
    return len(address) <= _NO_LIMIT and _PLAIN_EMAIL.fullmatch(address) is not None


def _validated_email(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        # test_environment accepts `.test`, which a staging shop may well use.
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized.lower()


def _mailbox(key: str) -> str:
    local, domain = email_parts(key)
    if domain not in _GMAIL:
        return key
    bare = local.partition("+")[0].replace(".", "")
    return f"{bare or local}@gmail.com"


def _phone(value: str, country: str) -> str | None:
    found = _COMMON_PHONE.fullmatch(value) or _COMMON_PHONE.fullmatch(value := _clean(value))
    if found and (country == "JP" or value[0] == "+"):
        return f"+81{found[1] or found[5]}{found[3] or found[7]}{found[4] or found[8]}"
    if not value:
        return None
    if key := _parsed_phone(value, country) or _undialled(value, country):
        return key
    bare = _REMARK.sub("", value)
    return _phone(bare, country) if bare != value else None


def _parsed_phone(text: str, country: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or _is_nobodys(str(number.national_number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _undialled(text: str, country: str) -> str | None:
    """A number of the right length in a range that is not given out: shops hold them, so they are keys."""
    plain = _PUNCTUATION.sub("", text)
    if country != "JP" and plain[:1] != "+":
        return None
    found = _MOBILE.fullmatch(plain) or _LANDLINE.fullmatch(plain)
    return f"+81{found[1]}" if found and not _is_nobodys(found[1]) else None


def _is_nobodys(national: str) -> bool:
    return len(set(national[2:])) < 2
