"""Who is linked to whom, across connections and pages."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tokui.connector import IdentifierRule, Stream
from tokui.hooks import Vote
from tokui.identity.match import judge
from tokui.identity.rules import Rules, Trust
from tokui.identity.view import profile
from tokui.model import Address, Customer, Gone, Identifier, Order, PartialDate, PersonName
from tokui.store import feed, profiles
from tokui.store.tables import CustomerRow, DecisionRow, IdentifierRow, columns
from tokui.sync.worker import Company
from tokui_contracts.scripted import KINDS, page, script, told

EMAIL = "hanako@example.jp"
PHONE = "090-2468-1357"
BOTH_ORDERS = pytest.mark.parametrize("turned", [False, True], ids=["shop first", "till first"])


def customer(key="1", *, email=None, phone=None, given=None, birthday=None, **fields):
    found = [("email", email), ("phone", phone)]
    return Customer(
        external_id=key,
        name=PersonName(family="山田", given=given) if given else None,
        identifiers=tuple(Identifier(kind=k, value=v) for k, v in found if v),
        birthday=PartialDate.parse(birthday) if birthday else None,
        **fields,
    )


def numbered(key, kind, value, **name):
    return Customer(
        external_id=key,
        identifiers=(Identifier(kind=kind, value=value),),
        name=PersonName(**name) if name else None,
    )


def partition(store):
    """The profiles as sets of (connection, external id)."""
    at = columns(CustomerRow)
    found = {}
    with store.read() as tx:
        for name, key, profile_id in tx.all(
            sa.select(at.connection, at.external_id, at.profile_id)
        ):
            found.setdefault(profile_id, set()).add((name, key))
    return sorted(map(sorted, found.values()))


def decisions(store):
    at = columns(DecisionRow)
    with store.read() as tx:
        return tx.all(sa.select(at.kind, at.rule, at.evidence).order_by(at.id))


def meet(store, left, right, turned=False, **settings):
    pairs = [("shop", left), ("till", right)]
    for name, record in reversed(pairs) if turned else pairs:
        told(store, script(name, page(record), **settings))
    return len(partition(store)) == 1


@BOTH_ORDERS
def test_the_same_email_in_two_connections_links(store, turned):
    assert meet(store, customer(email=EMAIL), customer(email=EMAIL.upper()), turned)

    ((kind, rule, evidence),) = decisions(store)
    assert (kind, json.loads(evidence)) == ("link", [["email.same", 2600, 16000]])
    assert rule == "log-odds/2"
    assert EMAIL not in evidence


@BOTH_ORDERS
def test_the_same_phone_alone_does_not_link(store, turned):
    assert not meet(store, customer(phone=PHONE), customer(phone="+81 90 2468 1357"), turned)


@BOTH_ORDERS
def test_the_same_phone_and_given_name_links(store, turned):
    left, right = customer(phone=PHONE, given="花子"), customer(phone=PHONE, given="花子")
    assert meet(store, left, right, turned)


@BOTH_ORDERS
def test_the_same_phone_and_birthday_links(store, turned):
    left, right = (customer(phone=PHONE, birthday="1985-04-12") for _ in "12")
    assert meet(store, left, right, turned)


@BOTH_ORDERS
def test_the_same_email_of_other_given_names_does_not_link(store, turned):
    left, right = customer(email=EMAIL, given="花子"), customer(email=EMAIL, given="太郎")
    assert not meet(store, left, right, turned)


@BOTH_ORDERS
def test_the_same_email_of_other_birthdays_does_not_link(store, turned):
    left, right = (customer(email=EMAIL, birthday=day) for day in ("1985-04-12", "1990-01-01"))
    assert not meet(store, left, right, turned)


@BOTH_ORDERS
def test_a_unique_number_links_whatever_the_names_say(store, turned):
    stream = Stream("people", KINDS, identifiers=(IdentifierRule("line_user_id", "unique", "p"),))
    left = numbered("1", "line_user_id", "U1", given="花子")
    right = numbered("1", "line_user_id", "U1", given="はなちゃん")

    assert meet(store, left, right, turned, stream=stream)


@BOTH_ORDERS
def test_a_number_is_worth_what_the_weaker_source_says(store, turned):
    unique = Stream("people", KINDS, identifiers=(IdentifierRule("card", "unique", "club"),))
    strong = Stream("people", KINDS, identifiers=(IdentifierRule("card", "strong", "club"),))
    plans = [
        script("shop", page(numbered("1", "card", "7", given="花子")), stream=unique),
        script("till", page(numbered("1", "card", "7", given="太郎")), stream=strong),
    ]
    for plan in reversed(plans) if turned else plans:
        told(store, plan)

    assert len(partition(store)) == 2


def test_numbers_of_two_issuers_never_meet(store):
    for name in ("ginza", "ueno"):
        told(store, script(name, page(numbered("1", "member_no", "0042"))))

    assert len(partition(store)) == 2


def test_numbers_of_one_issuer_meet_and_leading_zeros_count(store):
    stream = Stream("people", KINDS, identifiers=(IdentifierRule("member_no", "strong", "club"),))
    for name, number in (("ginza", "0042"), ("ueno", "0042"), ("aoyama", "42")):
        told(store, script(name, page(numbered("1", "member_no", number)), stream=stream))

    assert partition(store) == [[("aoyama", "1")], [("ginza", "1"), ("ueno", "1")]]


def test_two_customers_of_one_connection_are_not_joined(store):
    told(store, script("shop", page(customer("1", email=EMAIL), customer("2", email=EMAIL))))

    assert len(partition(store)) == 2


def test_a_third_record_does_not_bridge_two_customers_of_one_connection(store):
    told(
        store,
        script("shop", page(customer("1", email=EMAIL), customer("2", phone=PHONE, given="花"))),
    )

    told(store, script("till", page(customer("9", email=EMAIL, phone=PHONE, given="花"))))

    assert [len(people) for people in partition(store)] == [2, 1] or [
        len(people) for people in partition(store)
    ] == [1, 2]


@BOTH_ORDERS
def test_a_guest_joins_the_registered_customer_by_email_and_name(store, turned):
    records = [
        customer("1", email=EMAIL, given="花子"),
        customer("guest:A", email=EMAIL, given="花子", guest=True),
    ]

    told(store, script("shop", *(page(each) for each in (records[::-1] if turned else records))))

    assert len(partition(store)) == 1


def test_a_guest_of_another_name_does_not_join(store):
    guest = customer("guest:A", email=EMAIL, given="太郎", guest=True)
    told(store, script("shop", page(customer("1", email=EMAIL, given="花子"), guest)))

    assert len(partition(store)) == 2


def test_profiles_that_merge_keep_the_older_id_and_the_alias(store):
    told(store, script("shop", page(customer("1", email=EMAIL))))
    told(store, script("till", page(customer("1", phone=PHONE, given="花子"))))
    with store.read() as tx:
        older = profiles.place_of(tx, "shop", "1")[1]
        newer = profiles.place_of(tx, "till", "1")[1]

    told(store, script("line", page(customer("1", email=EMAIL, phone=PHONE, given="花子"))))

    with store.read() as tx:
        assert profiles.resolve(tx, newer) == older < newer
        assert profile(tx, newer, Trust()) == profile(tx, older, Trust())
        assert (newer, "merged") in {(c.profile_id, c.what) for c in feed.after(tx, 0, 100)}
    assert [kind for kind, *_ in decisions(store)] == ["link", "merge"]


def test_an_email_that_changed_hands_within_a_page_links_its_new_owner_only(store):
    told(store, script("shop", page(customer("1", email=EMAIL, source_version=1))))

    told(store, script("shop", [], page(customer("1", email="new@example.jp", source_version=2))))
    told(store, script("till", page(customer("9", email=EMAIL))))

    assert len(partition(store)) == 2


def test_an_email_that_moves_to_a_guest_within_one_page_does_not_link_them(store):
    told(store, script("shop", page(customer("1", email=EMAIL, given="花子", source_version=1))))
    moved = customer("1", email="new@example.jp", given="花子", source_version=2)
    guest = customer("guest:A", email=EMAIL, given="花子", guest=True)

    told(store, script("shop", [], page(guest, moved)))

    assert len(partition(store)) == 2


def test_an_email_of_one_who_is_gone_links_nobody(store):
    gone = Gone(external_id="1", kind="customer")
    told(store, script("shop", page(customer("1", email=EMAIL)), page(gone)))

    told(store, script("till", page(customer("1", email=EMAIL))))

    assert len(partition(store)) == 2


def test_a_hundred_gifts_to_customers_make_no_link_and_change_no_golden_field(store):
    named = [
        customer(f"r{n}", email=f"r{n}@example.jp", phone=f"090-2222-{n:04}", given=f"受{n}")
        for n in range(100)
    ]
    told(store, script("till", page(*named)))
    with store.read() as tx:
        ids = [profiles.place_of(tx, "till", f"r{n}")[1] for n in range(100)]
        before = [profile(tx, each, Trust()) for each in ids]
    gifts = [
        Order(
            external_id=str(n),
            state="paid",
            placed_at=datetime(2026, 9, 1, tzinfo=UTC),
            currency="JPY",
            buyer=f"giver{n}",
            ship_to=Address(name=f"山田 受{n}", phone=f"090-2222-{n:04}", postal_code="104-0061"),
        )
        for n in range(100)
    ]

    report = told(store, script("shop", page(*gifts)))

    with store.read() as tx:
        assert [profile(tx, each, Trust()) for each in ids] == before
        assert all(profiles.orders(tx, each) == [] for each in ids)
    assert (report.total.linked, decisions(store), len(partition(store))) == (0, [], 200)


def asked(store, *votes, left=None, right=None):
    """Link two customers with the same email while plugins vote; whom were they asked about?"""
    pairs = []

    def ask(one, other):
        pairs.append({(each.connection, each.customer.external_id) for each in (one, other)})
        return votes

    told(store, script("shop", page(left or customer(email=EMAIL))))
    told(
        store, script("till", page(right or customer(email=EMAIL))), company=Company(ask_match=ask)
    )
    return pairs


@pytest.mark.parametrize(
    ("votes", "linked"),
    [
        ((), True),
        (("same",), True),
        (("different",), False),
        (("ask",), False),
        (("same", "ask"), False),
        (("same", "different"), False),
    ],
)
def test_plugins_vote_and_any_different_or_ask_wins(store, votes, linked):
    pairs = asked(store, *(Vote(verdict, "because") for verdict in votes))

    assert pairs == [{("shop", "1"), ("till", "1")}]
    assert (len(partition(store)) == 1) is linked


def test_a_vote_for_the_same_links_what_the_core_leaves_open(store):
    asked(store, Vote("same", "card"), left=customer(phone=PHONE), right=customer(phone=PHONE))

    assert len(partition(store)) == 1


def test_plugins_are_not_asked_about_a_customer_and_the_same_customer_before(store):
    pairs = []

    def ask(one, other):
        pairs.append((one, other))
        return ()

    told(store, script("shop", page(customer(email=EMAIL, note="a"))))
    told(
        store,
        script("shop", [], page(customer(email=EMAIL, note="b"))),
        company=Company(ask_match=ask),
    )

    assert pairs == []


def test_a_vote_against_a_pair_holds_when_a_third_matches_both(store):
    def ask(one, other):
        names = {one.connection, other.connection}
        return (Vote("different", "two persons"),) if names == {"till", "line"} else ()

    told(store, script("shop", page(customer(email=EMAIL))))
    told(store, script("till", page(customer(email=EMAIL))), company=Company(ask_match=ask))
    told(store, script("line", page(customer(email=EMAIL))), company=Company(ask_match=ask))

    assert partition(store) == [[("line", "1")], [("shop", "1"), ("till", "1")]]


def tokens(store):
    at = columns(IdentifierRow)
    with store.read() as tx:
        return [token for (token,) in tx.all(sa.select(at.token).order_by(at.token))]


def carded(card):
    return Stream("cards", KINDS, identifiers=(IdentifierRule("member_no", "unique", card),))


def test_no_key_stays_behind_when_a_customer_comes_under_other_rules(store):
    told(store, script("till", page(numbered("9", "member_no", "1")), stream=carded("red")))

    told(store, script("till", [], page(numbered("9", "member_no", "2")), stream=carded("blue")))

    assert tokens(store) == ["member_no:blue:2"]


def test_no_key_of_a_customer_who_is_gone_stays_behind(store):
    told(store, script("till", page(numbered("9", "member_no", "1")), stream=carded("red")))

    gone = page(Gone(external_id="9", kind="customer"))
    told(store, script("till", [], gone, stream=carded("blue")))

    assert tokens(store) == []


def test_a_nickname_is_compared_the_same_way_from_either_side():
    plain = Rules("line").features(Customer(external_id="1", name=PersonName(display="めぐ")))
    named = Rules("shop").features(
        Customer(
            external_id="2",
            name=PersonName(family="大江", given="芽久", given_kana="メグ", display="ねこ♪"),
        )
    )

    assert judge(plain, named) == judge(named, plain)
    assert "nick.same" in {term.code for term in judge(plain, named).terms}


def test_of_a_value_stated_twice_the_verified_one_counts():
    twice = tuple(Identifier(kind="email", value=EMAIL, verified=each) for each in (True, False))

    assert Rules("shop").numbers(Customer(external_id="1", identifiers=twice)) == {
        "email:*": {EMAIL: "strong"}
    }
