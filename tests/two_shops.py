"""Two connections of a handful of people, for tests of who is who."""

TWO = """
[connections.book]
use = "notebook"
file = "book.json"

[connections.till]
use = "notebook"
file = "till.json"
"""
AT = "2026-11-01T00:00:00+00:00"
LATER = "2026-11-02T00:00:00+00:00"
HOME = "東京都中央区銀座4-6-1"
MEGU = {
    "id": "b1",
    "at": AT,
    "name": "大江",
    "given": "芽久",
    "birthday": "1985-04-12",
    "email": "megu.ooe@example.com",
    "phone": "090-1357-2468",
}
TWIN = {**MEGU, "id": "t1"}
HUSBAND = {**MEGU, "id": "t2", "given": "健", "birthday": "1983-11-30"}
NAMELESS = {"id": "t3", "at": AT, "name": "大江", "phone": "090-1357-2468"}


def profile_of(shop, customer):
    found = shop.json("customer", "find", customer.partition(":")[2])
    return found["profiles"][0]["profile_id"]
