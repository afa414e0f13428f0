"""A shop that writes to its people: two channels, a template, and who said yes."""

import json

AT = "2026-11-01T00:00:00+00:00"
SHOP = """
[connections.book]
use = "notebook"
file = "book.json"

[connections.line]
use = "pigeon"
file = "line.jsonl"

[connections.mail]
use = "postbox"
file = "mail.jsonl"

[outreach.quiet]
start = "00:00"
end = "00:00"
"""
BIRTHDAY = """
purpose = "marketing"

[line_user_id.ja]
text = "{{ name.family }}様、お誕生日おめでとうございます"

[line_user_id.ja.casual]
text = "{{ name.given }}さん、おめでとう"

[email.ja]
subject = "{{ name.family }}様へ"
text = "{{ birthday.month }}月のお誕生日、おめでとうございます"
"""
AYA = {
    "id": "c-1",
    "at": AT,
    "name": "佐藤",
    "given": "彩",
    "birthday": "1985-04-12",
    "email": "Aya.Sato@example.com",
    "line_user_id": "U0123456789abcdef0123456789abcdef",
}


def said(contact, state="granted", evidence="form", **more):
    """A statement of consent."""
    return {"contact": contact, "state": state, "evidence": evidence, "occurred_at": AT, **more}


YES = {"consents": [said("line_user_id"), said("email")]}


def open_shop(shop, *people, more=""):
    """Configure it, and read in its people; without any, it is Aya, who said yes."""
    shop.configure(SHOP + more)
    (shop.folder / "templates").mkdir(exist_ok=True)
    (shop.folder / "templates" / "birthday.toml").write_text(BIRTHDAY, encoding="utf-8")
    shop.write(people or [{**AYA, **YES}])
    shop.run("sync")
    return shop


def sent(shop, name="line"):
    """What a channel sent."""
    file = shop.folder / f"{name}.jsonl"
    return (
        [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    )
