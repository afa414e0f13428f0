import tracemalloc
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

import phonenumbers
import pytest
from tokui.model import is_gtin
from tokui_contracts.town import Rates, Town
from tokui_contracts.town.goods import variants

TOWN = Town(2000, 7)
SYSTEMS = ("shopify", "pos")


def share(hits, of):
    return len([hit for hit in hits if hit]) / len(of)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_same_seed_is_the_same_town(system):
    again, other = Town(200, 7), Town(200, 8)

    assert list(again.purchases(system)) == list(Town(200, 7).purchases(system))
    assert list(again.people()) != list(other.people())


def test_one_town_stays_what_it_is():
    person = Town(1000, 1).person(0)

    assert (person.display, person.mobile, person.email) == (
        "黒沢 麻衣",
        "07010000000",
        "kurosawa_mai.a0@example.net",
    )


@pytest.mark.parametrize("system", SYSTEMS)
def test_any_account_and_purchase_can_be_made_alone(system):
    for account in islice(TOWN.accounts(system), 0, 2000, 97):
        assert TOWN.account(system, account.number) == account
    for purchase in islice(TOWN.purchases(system), 0, 6000, 97):
        assert TOWN.purchase(system, purchase.number) == purchase


def test_the_truth_names_every_record_once():
    known = [(truth.system, truth.external_id) for truth in TOWN.truth() if truth.kind == "account"]
    guests = {truth.external_id for truth in TOWN.truth() if truth.kind == "guest"}

    walked = [(a.system, a.external_id) for system in SYSTEMS for a in TOWN.accounts(system)]
    orders = {f"guest:{p.external_id}" for p in TOWN.purchases("shopify") if p.guest}
    assert Counter(known) == Counter(walked)
    assert max(Counter(known).values()) == 1
    assert guests == orders


def test_the_truth_says_who_it_is():
    for truth in islice(TOWN.truth(), 0, None, 53):
        if truth.kind == "account":
            number = int(truth.external_id.rsplit("/", 1)[-1])
            assert TOWN.account(truth.system, number).person == TOWN.person(truth.person)


def test_people_are_known_where_the_rates_say():
    known = [TOWN.presence(number) for number in range(TOWN.size)]
    rates = Rates()

    assert share([p.shopify and p.pos for p in known], known) == pytest.approx(rates.both, abs=0.03)
    only = [p.shopify and not p.pos for p in known]
    assert share(only, known) == pytest.approx(rates.shopify_only, abs=0.03)


def agreement(number):
    online, store = (TOWN.accounts_of(number, system)[0] for system in SYSTEMS)
    email = online.email is not None and online.email == store.email
    phone = online.phone is not None and online.phone == store.phone
    return {(True, True): "both", (True, False): "email", (False, True): "phone"}.get(
        (email, phone), "neither"
    )


def test_records_of_one_person_agree_as_often_as_the_rates_say():
    two = [n for n in range(TOWN.size) if TOWN.presence(n).shopify and TOWN.presence(n).pos]

    found = Counter(map(agreement, two))

    rates = Rates()
    wanted = {"both": rates.same_both, "email": rates.same_email, "phone": rates.same_phone}
    for kind, rate in wanted.items():
        assert found[kind] / len(two) == pytest.approx(rate, abs=0.06)
    assert found["neither"] / len(two) > 0.1


def test_no_two_people_have_the_same_mobile_or_mailbox_of_their_own():
    people = list(TOWN.people())

    for of in (lambda p: p.mobile, lambda p: p.email, lambda p: p.second_email):
        assert len({of(person) for person in people}) == len(people)


def test_families_share_a_name_a_landline_and_a_home():
    homes = {}
    for person in TOWN.people():
        homes.setdefault(person.household.first, []).append(person)

    families = [members for members in homes.values() if len(members) > 1]
    assert all(len({m.household for m in members}) == 1 for members in families)
    assert all(len(members) == members[0].household.members for members in homes.values())
    assert sum(map(len, families)) / TOWN.size > 0.3


def test_some_members_gave_the_phone_of_their_family():
    bearers = {}
    for account in TOWN.accounts("pos"):
        bearers.setdefault(account.phone, set()).add(account.person.number)

    shared = [who for phone, who in bearers.items() if phone and len(who) > 1]
    assert len(shared) > 20


def test_gifts_go_to_customers_under_another_roof():
    orders = list(TOWN.purchases("shopify"))
    gifts = [order for order in orders if order.recipient]

    assert len(gifts) / len(orders) == pytest.approx(Rates().gift, abs=0.02)
    for gift in gifts:
        giver = gift.buyer.person if gift.buyer else gift.guest
        assert TOWN.presence(gift.recipient.number).shopify
        assert gift.recipient.household != giver.household


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_paid_is_what_it_cost(system):
    for purchase in islice(TOWN.purchases(system), 3000):
        assert sum(paid.amount for paid in purchase.paid) == purchase.total
        for line in purchase.lines:
            assert 0 <= purchase.refund(line) <= line.total
            assert line.tax == line.total * line.variant.tax_percent // (
                100 + line.variant.tax_percent
            )


def test_both_tax_rates_discounts_returns_and_gift_cards_occur():
    bought = list(islice(TOWN.purchases("pos"), 3000))
    lines = [line for purchase in bought for line in purchase.lines]

    assert {line.variant.tax_percent for line in lines} == {0, 8, 10}
    assert share([p.returned for p in bought], bought) == pytest.approx(Rates().returned, abs=0.02)
    assert share([any(x.discount for x in p.lines) for p in bought], bought) > 0.1
    assert any(paid.how == "gift_card" for p in bought for paid in p.paid)


def test_every_barcode_has_a_valid_check_digit():
    codes = [variant.jan for variant in variants() if not variant.is_gift_card]

    assert all(map(is_gtin, codes))
    assert len(set(codes)) == len(codes)


def test_phone_numbers_have_the_shape_of_japanese_ones():
    for person in islice(TOWN.people(), 0, None, 11):
        for digits in (person.mobile, person.household.landline):
            assert phonenumbers.is_valid_number(phonenumbers.parse(digits, "JP"))


@pytest.mark.parametrize("system", SYSTEMS)
def test_nothing_happens_after_today(system):
    today = datetime(2025, 1, 1, tzinfo=UTC)
    town = Town(300, 1, today=today)

    for account in town.accounts(system):
        assert account.created_at <= account.updated_at <= today
    for purchase in town.purchases(system):
        assert today - timedelta(days=1000) < purchase.at <= today
        assert purchase.updated_at <= today


def test_many_accounts_share_one_moment():
    moments = Counter(account.updated_at for account in TOWN.accounts("shopify"))

    assert max(moments.values()) > 30


def test_a_larger_town_takes_no_more_memory():
    peaks = []
    for size in (150, 900):
        tracemalloc.start()
        for purchase in Town(size, 3).purchases("shopify"):
            del purchase
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5 + 100_000
