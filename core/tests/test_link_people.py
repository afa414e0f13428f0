"""Those whom a shop should not take for one: families, twins, colleagues, numbers that are mistyped."""

import pytest
import sqlalchemy as sa
from tokui.connector import IdentifierRule, Stream
from tokui.hooks import Vote
from tokui.identity import batch
from tokui.identity.weigh import DEFAULT, Policy
from tokui.model import Address, Customer, Identifier, PartialDate, PersonName
from tokui.store.tables import CustomerRow, ReviewRow, SharedValueRow, columns
from tokui.sync.worker import Company
from tokui_contracts.scripted import KINDS, page, script, told

HOME = Address(postal_code="150-0001", line1="東京都渋谷区神宮前4-12-10")
LANDLINE, MAILBOX = ("phone", "03-5321-2345"), ("email", "sato.home@example.jp")
JAN, MISTYPED = "2900000123458", "2900000123451"


def customer(key, family, given=None, *known, birthday=None, **name):
    return Customer(
        external_id=key,
        name=PersonName(family=family, given=given, **name),
        identifiers=tuple(Identifier(kind=kind, value=value) for kind, value in known),
        birthday=PartialDate.parse(birthday) if birthday else None,
        addresses=(HOME,),
    )


def people(store):
    """The external ids of each profile, however often they come."""
    at, found = columns(CustomerRow), {}
    with store.read() as tx:
        for key, profile_id in tx.all(sa.select(at.external_id, at.profile_id)):
            found.setdefault(profile_id, set()).add(key)
    return sorted(map(sorted, found.values()))


@pytest.mark.parametrize("brother", ["翔平", "拓也"])
def test_twins_of_one_mailbox_and_their_parents_are_four_in_whatever_system(store, brother):
    born = {"健一": "1970-02-03", "恵子": "1972-05-06", "翔太": "2001-05-06", brother: "2001-05-06"}
    for name in ("shop", "till", "line"):
        known = born if name != "till" else dict.fromkeys(born)
        told(
            store,
            script(
                name,
                page(
                    *(
                        customer(given, "佐藤", given, LANDLINE, MAILBOX, birthday=day)
                        for given, day in known.items()
                    )
                ),
            ),
        )

    assert people(store) == sorted([given] for given in born)


@pytest.mark.parametrize("kana", [{}, {"family_kana": "ハマサキ"}])
def test_a_household_of_which_tills_know_the_family_name_alone_is_not_one_person(store, kana):
    for number, name in enumerate(("ginza", "ueno", "aoyama")):
        told(store, script(name, page(customer(str(number), "浜崎", None, LANDLINE, **kana))))

    assert people(store) == [["0"], ["1"], ["2"]]


def carded(strength, check):
    return Stream(
        "cards", KINDS, identifiers=(IdentifierRule("member_no", strength, "club", check),)
    )


@pytest.mark.parametrize("strength", ["unique", "strong"])
@pytest.mark.parametrize(
    ("check", "number", "given", "linked"),
    [
        ("mod10w3", JAN, None, True),
        ("mod10w3", MISTYPED, None, False),
        ("mod10w3", MISTYPED, "健", True),
        ("luhn", JAN, None, False),
        ("none", JAN, None, False),
        ("none", JAN, "健", True),
    ],
)
def test_a_number_whose_check_digit_proves_nothing_needs_an_agreeing_name(
    store, strength, check, number, given, linked
):
    for name in ("ginza", "ueno"):
        bearer = Customer(
            external_id=name,
            name=PersonName(family="田中", given=given) if given else None,
            identifiers=(Identifier(kind="member_no", value=number),),
        )
        told(store, script(name, page(bearer), stream=carded(strength, check)))

    assert (len(people(store)) == 1) is linked


@pytest.mark.parametrize(
    "name", [("ゲスト", "様"), ("退会済", "会員"), ("テスト", "太郎"), ("匿名", "希望")]
)
def test_those_who_have_no_name_in_common_are_not_one_person(store, name):
    for connection in ("shop", "till"):
        nobody = Customer(external_id=connection, name=PersonName(family=name[0], given=name[1]))
        told(store, script(connection, page(nobody)))

    assert people(store) == [["shop"], ["till"]]


def guest(number, given="花子"):
    known = ("email", "hanako@example.jp"), ("phone", "090-2468-1357")
    order = customer(f"guest:{number}", "山田", given, *known)
    return order.model_copy(update={"guest": True})


@pytest.mark.parametrize("given", ["花子", "裕子"])
@pytest.mark.parametrize("each_alone", [True, False])
def test_a_regular_who_orders_as_a_guest_again_and_again_stays_one_person(store, given, each_alone):
    orders = [guest(number, given) for number in range(20)]

    told(store, script("shop", *([page(one) for one in orders] if each_alone else [page(*orders)])))
    whole = people(store)
    told(store, script("till", page(customer("card", "山田", given, ("phone", "090-2468-1357")))))

    assert [len(each) for each in whole] == [20]
    assert [len(each) for each in people(store)] == [21]


def test_an_address_of_a_dozen_people_or_of_nobody_known_is_shared(store):
    at = columns(SharedValueRow)
    told(store, script("shop", page(*(customer(str(n), "山田", None, MAILBOX) for n in range(12)))))
    with store.read() as tx:
        shared = tx.all(sa.select(at.token))

    assert shared == [("email:*:sato.home@example.jp",)]


@pytest.mark.parametrize("votes", [None, lambda *_: (Vote("same", "a card"),)])
def test_where_two_records_are_never_one_nobody_is_asked(store, votes):
    company = Company(ask_match=votes, policy=Policy(duplicates={"shop": "never"}))
    twice = [customer(key, "大江", "花子", MAILBOX, birthday="1980-02-03") for key in "12"]

    told(store, script("shop", page(*twice)), company=company)

    with store.read() as tx:
        assert tx.all(sa.select(columns(ReviewRow))) == []
    assert people(store) == [["1"], ["2"]]


@pytest.mark.parametrize("votes", [None, lambda one, other, found: found], ids=["columns", "rows"])
def test_a_regular_of_a_hundred_orders_stays_one_person_through_every_pass(store, votes):
    pages = [page(*map(guest, range(start, start + 33))) for start in (66, 0, 33)]
    told(store, script("shop", *pages))

    batch.run(store, DEFAULT, votes=votes)
    told(store, script("shop", *pages, page(guest(99))))
    batch.run(store, DEFAULT, votes=votes, everything=True)

    assert [len(each) for each in people(store)] == [100]
