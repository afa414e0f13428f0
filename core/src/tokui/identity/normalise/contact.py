"""
Match keys: when two written values are one identifier.

A key is for comparing, never for sending: the raw value stays in the customer's record. Plain
addresses and common Japanese numbers take a path of one regular expression each, equal to what
email-validator and phonenumbers answer; those two are slow (to import as well) and take the rest.
"""

import re
import unicodedata

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"(?!..--)[a-z0-9]++(?:-++[a-z0-9]++)*+"
# Plain: no `xn--` label and none of the special-use domains that email-validator refuses.
_PLAIN_EMAIL = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)++(?!(?:arpa|invalid|local|localhost|onion)\Z)[a-z]{{2,63}}"
)
_NO_LIMIT = 64  # shorter addresses cannot meet a length limit of RFC 5321 or RFC 1035

# Until 2009 the carriers gave out addresses with dots that RFC 5321 forbids; they still work.
_CARRIER_EMAIL = re.compile(
    r"(?P<quote>\"?)(?P<local>[a-z0-9._+/?-]*[a-z0-9_][a-z0-9._+/?-]*)(?P=quote)@(?P<domain>"
    r"docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|(?:[a-z0-9-]+\.)?biz\.ezweb\.ne\.jp|softbank\.ne\.jp"
    r"|i\.softbank\.jp|disney\.ne\.jp|[a-z]\.vodafone\.ne\.jp|jp-[a-z]\.ne\.jp|pdx\.ne\.jp"
    r"|[a-z]{2}\.pdx\.ne\.jp|willcom\.com|emnet\.ne\.jp|ymobile\.ne\.jp|y-mobile\.ne\.jp|uqmobile\.jp)"
)

# Mobile and IP telephony (050, 060 to 090), Tokyo and Osaka (03, 06): eight digits that neither
# begin with 0 (0800 is toll-free) nor are all the same (nobody's number, typed to pass a form).
_COMMON_PHONE = re.compile(
    r"(?:\+81-?|0)([5-9]0|[36])-?(?!(\d)\2{3}-?\2{4}\Z)([1-9]\d{3})-?(\d{4})", re.ASCII
)

_RELAYS = (
    "@privaterelay.appleid.com",
    "@marketplace.amazon.co.jp",
    "@marketplace.amazon.com",
    "@fw.rakuten.ne.jp",
    "@pc.fw.rakuten.ne.jp",
)

# 〓 stands for a character that was lost; so do U+FFFD and the private-use areas (外字).
_LOST = re.compile("[〓\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
)
_NOTHING = re.compile(r"[\W0_]*")


def normalise(kind: str, value: str, *, country: str = "JP") -> str | None:
    """
    Give the match key of an identifier value, or None when it cannot be one.

    None is for what is empty or invalid, for placeholders (`000-0000-0000`), and for values with
    a lost character (〓).

    Args:
        kind: `email` gives a lower-case address (Gmail without dots and +tag), `phone` E.164;
            every other kind is compared as written, in NFKC, with its leading zeros.
        value: As the source writes it.
        country: ISO 3166-1 alpha-2, for phone numbers without a country code.
    """
    if kind == "email":
        return _email(value)
    if kind == "phone":
        return _phone(value, country)
    text = _clean(value)
    return None if _NOTHING.fullmatch(text) else text


def issuer_of(
    kind: str,
    rule_issuer: str | None,
    identifier_issuer: str | None,
    connection: str,
    key: str = "",
) -> str:
    """
    Say who gave a value out; values of different issuers never meet.

    The identifier's own issuer wins over its stream's rule; then it is `*` for email and phone,
    else the connection. A relay address (`key`) is one connection's own name for a person.
    """
    if issuer := identifier_issuer or rule_issuer:
        return issuer
    if kind not in ("email", "phone") or key.endswith(_RELAYS):
        return connection
    return "*"


def _clean(value: str) -> str:
    """NFKC, trimmed, without invisible marks; empty when a character was lost."""
    if value.isascii():
        return value.strip()
    if _LOST.search(value):
        return ""
    return unicodedata.normalize("NFKC", value).translate(_INVISIBLE).strip()


def _email(value: str) -> str | None:
    key = value.lower()
    if _is_plain(key):
        return _mailbox(key)
    text = _clean(value)
    key = text.lower()
    if carrier := _CARRIER_EMAIL.fullmatch(key):
        return f"{carrier['local']}@{carrier['domain']}"
    found = key if _is_plain(key) else _validated_email(text)
    return _mailbox(found) if found else None


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
    """Gmail delivers to one mailbox whatever the dots and +tag (support.google.com/mail, 7436150)."""
    if not key.endswith("@gmail.com"):
        return key
    local = key[: -len("@gmail.com")].partition("+")[0].replace(".", "")
    return f"{local}@gmail.com" if local else key


def _phone(value: str, country: str) -> str | None:
    found = _COMMON_PHONE.fullmatch(value) or _COMMON_PHONE.fullmatch(value := _clean(value))
    if found and (country == "JP" or value[0] == "+"):
        return f"+81{found[1]}{found[3]}{found[4]}"
    return _parsed_phone(value, country) if value else None


def _parsed_phone(text: str, country: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or len(set(str(number.national_number)[2:])) < 2:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
