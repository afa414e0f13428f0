"""Points that another service keeps: read by a sync, shown with their age, moved through it."""

import pytest
from tokui.connector import IdentifierRule
from tokui.identity.rules import Rules
from tokui.model import Customer, Identifier
from tokui.store import schema
from tokui.store.engine import Store
from tokui.store.entry import entry
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch
from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.voucherify import APPLICATION, CAMPAIGN, CODE, SECRET, VoucherifySandbox

CONFIG = """
[store]
url = "sqlite:///club.sqlite3"

[connections.loyalty]
use = "voucherify"
campaign = "{campaign}"
application_id = "{application}"
secret_key = {{ env = "LOYALTY_KEY" }}
base_url = "{url}"

[connections.loyalty.http]
allow_private = true
timeout_s = 2
tries = 1

[plugins.points.programmes.club]
title = {{ ja = "街のカード", en = "Town card" }}
authority = "loyalty"
issuer = "card"
"""
RULES = {"member_no": IdentifierRule("member_no", "unique", "card")}


class Street:
    """A shop whose points are kept by a service, behind a proxy that breaks its answers."""

    def __init__(self, shop, service, proxy):
        self.shop, self.cards, self.proxy = shop, service.cards, proxy
        self.store = Store.open(f"sqlite:///{shop.folder}/club.sqlite3")
        schema.ready(self.store)

    def know(self, *numbers):
        """Members come to be known, as by a sync of a shop."""
        customers = [
            Customer(
                external_id=f"c{number}",
                identifiers=(
                    Identifier(kind="member_no", value=CODE.format(number), issuer="card"),
                ),
            )
            for number in numbers
        ]
        with self.store.write() as tx:
            write_batch(
                tx, Rules("shop", RULES), Batch(customers=[entry(each) for each in customers])
            )

    def give(self, number, points):
        self.cards.change(CODE.format(number), {"points": points})

    def redeem(self, points, key, number=1, code=0):
        asked = ("points", "redeem", CODE.format(number), str(points), "--as", "佐藤", "--key", key)
        return self.shop.run(*asked, code=code)

    def standing(self, number=1):
        [one] = self.shop.json("points", "show", CODE.format(number))["standings"]
        return one

    def read(self, *options, code=0):
        return self.shop.json("sync", "loyalty", *options, code=code)["total"]


@pytest.fixture
def street(shop, monkeypatch):
    monkeypatch.setenv("LOYALTY_KEY", SECRET)
    with VoucherifySandbox() as service:
        proxy = FaultProxy(service.url)
        known = {"campaign": CAMPAIGN, "application": APPLICATION, "url": proxy.url}
        shop.configure(CONFIG.format(**known))
        made = Street(shop, service, proxy)
        yield made
        made.store.close()
        proxy.close()


def test_a_sync_reads_the_balance_of_every_member(street):
    street.know(1, 2, 777)  # of the last the service has no card
    street.give(1, 120)

    assert street.standing()["points"] == 0
    assert "as_of" not in street.standing()
    assert street.read()["read"] == 3
    told = street.standing()
    assert (told["points"], told["kept_by"]) == (120, "loyalty")
    assert street.standing(777)["points"] == 0
    assert street.read()["read"] == 0, "who was asked is asked again after a day"
    assert street.read("--full")["unchanged"] == 3


def test_members_are_asked_in_turn(street):
    street.know(*range(1, 26))
    asked = [street.read("--limit", "10")["read"] for _ in range(2)]

    assert asked == [10, 10]
    assert "25 members, 5 of them not read yet" in street.shop.run("status").output
    assert street.read("--limit", "10")["read"] == 5


def test_a_service_that_breaks_off_is_asked_on_by_the_next_sync(street):
    street.know(*range(1, 26))
    street.proxy.inject(Fault("limited"), after=30, times=None)
    assert street.read(code=5)["read"] == 15
    street.proxy.heal()

    assert street.read()["read"] == 10


def test_the_card_says_when_the_balance_was_read_in_both_languages(street):
    street.know(1)
    street.give(1, 120)
    street.cards.ends[CODE.format(1)] = ("2100-01-01", 30)
    assert "not asked yet" in street.shop.run("points", "show", CODE.format(1)).output
    assert "120" in street.shop.run("points", "show", CODE.format(1), "--fresh").output

    english = street.shop.run("customer", "show", CODE.format(1), "--lang", "en").output
    japanese = street.shop.run("customer", "show", CODE.format(1), "--lang", "ja").output
    assert "Town card" in english
    assert "0 min ago, loyalty" in english
    assert "30: 2099-12-31" in english
    assert "0 分前, loyalty" in japanese


def test_points_are_spent_through_the_service_and_the_mirror_follows(street):
    street.know(1)
    street.give(1, 120)
    street.redeem(100, "checkout-1")
    street.redeem(100, "checkout-1")  # once

    assert street.cards.balance(CODE.format(1)) == 20
    assert street.standing()["points"] == 20
    assert "so many points are not there" in street.redeem(100, "checkout-2", code=7).output
    back = ("points", "reverse", CODE.format(1), "checkout-1", "--points", "40", "--as", "佐藤")
    street.shop.run(*back)
    assert street.standing()["points"] == 60
    told = street.shop.json("points", "history", CODE.format(1))["movements"]
    assert [(each["kind"], each["points"]) for each in told[:2]] == [
        ("reverse", 40),
        ("redeem", -100),
    ]


def test_a_key_of_another_member_is_refused_before_the_call(street):
    street.know(1, 2)
    street.give(1, 100)
    street.give(2, 100)
    street.redeem(10, "k")

    assert "the key was used for another transfer" in street.redeem(10, "k", 2, code=7).output
    assert street.cards.balance(CODE.format(2)) == 100


def test_a_transfer_without_an_answer_is_listed_and_asked_for_again(street):
    street.know(1)
    street.give(1, 100)
    street.proxy.inject(Fault("midway"), after=1, times=1)
    assert "points retry" in street.redeem(30, "k", code=6).output

    [waiting] = street.shop.json("points", "unanswered")["transfers"]
    assert (waiting["key"], waiting["points"], waiting["tries"]) == ("k", 30, 1)
    assert "has no answer yet" in street.redeem(30, "other", code=9).output
    [done] = street.shop.json("points", "retry")["transfers"]
    assert done["points"] == -30
    assert street.cards.balance(CODE.format(1)) == 70
    assert street.shop.json("points", "unanswered")["transfers"] == []


def test_a_service_that_is_gone_keeps_no_other_from_being_asked_again(street):
    street.know(1)
    street.give(1, 100)
    config = (street.shop.folder / "tokui.toml").read_text("utf-8")
    for name in ("gone", "loyalty"):
        street.shop.configure(config.replace("loyalty", name))
        street.proxy.inject(Fault("midway"), after=1, times=1)
        street.redeem(30, name, code=6)

    told = street.shop.json("points", "retry", code=3)["transfers"]

    assert [(each["key"], each["points"]) for each in told] == [("gone", None), ("loyalty", -30)]


def test_an_authority_that_keeps_no_points_is_a_mistake_and_is_said(street):
    config = (street.shop.folder / "tokui.toml").read_text("utf-8")
    book = '[connections.book]\nuse = "notebook"\nfile = "book.json"\n'
    street.shop.configure(config.replace('authority = "loyalty"', 'authority = "book"') + book)

    assert "keeps no points" in street.shop.run("sync", "book", code=5).output


def test_what_was_carried_out_late_is_found_by_reconcile(street):
    street.know(1)
    street.give(1, 100)
    street.proxy.inject(Fault("midway"), after=1, times=1)
    street.redeem(30, "k", code=6)
    assert "without an answer" in street.shop.run("points", "reconcile", code=8).output
    late = street.cards.listed(CODE.format(1), newest=True, after="", limit=1)["data"][0]
    street.shop.run("points", "retry")
    street.cards.change(CODE.format(1), {"points": -30, "source_id": late["source_id"]})
    street.read("--full")

    assert "k stands 2 times there" in street.shop.run("points", "reconcile", code=8).output


def test_what_was_not_done_leaves_nothing_behind(street):
    street.know(1)
    street.proxy.inject(Fault("denied"), times=None)
    street.redeem(30, "k", code=4)
    street.proxy.heal()

    assert street.shop.json("points", "unanswered")["transfers"] == []


def test_a_till_without_the_key_shows_points_and_moves_none(street, monkeypatch):
    street.know(1)
    street.give(1, 100)
    street.read()
    monkeypatch.delenv("LOYALTY_KEY")

    assert "LOYALTY_KEY" in street.redeem(30, "k", code=3).output
    assert "100" in street.shop.run("points", "show", CODE.format(1)).output


def test_points_that_others_give_are_neither_earned_nor_adjusted_here(street):
    street.know(1)
    adjust = ("points", "adjust", CODE.format(1), "50", "--reason", "x", "--as", "佐藤")

    assert "Adjust them there" in street.shop.run(*adjust, code=7).output
    assert "nothing is owed" in street.shop.run("points", "earn").output


@pytest.mark.torture
@pytest.mark.parametrize("place", ["authority.written", "authority.answered"])
def test_a_kill_at_any_moment_of_a_call_leaves_one_effect(street, place):
    street.know(1)
    street.give(1, 100)
    asked = ("points", "redeem", CODE.format(1), "30", "--as", "佐藤", "--key", "k")
    child = street.shop.start(*asked, TOKUI_FAILPOINT=place)
    child.communicate()

    assert child.returncode == -9
    [waiting] = street.shop.json("points", "unanswered")["transfers"]
    assert waiting["why"] == "interrupted"
    [done] = street.shop.json("points", "retry")["transfers"]
    assert (done["points"], street.cards.balance(CODE.format(1))) == (-30, 70)


@pytest.mark.torture
def test_a_killed_reading_asks_again_for_no_more_than_it_had_not_written(street):
    street.know(*range(1, 26))
    child = street.shop.start("sync", "loyalty", TOKUI_FAILPOINT="mirror.told:2")
    child.communicate()

    assert child.returncode == -9
    assert street.read()["read"] == 15
