"""What becomes of records on their way into the store."""

import sqlite3
from datetime import UTC, datetime

import sqlalchemy as sa
from tokui.identity.search import find
from tokui.model import (
    Customer,
    Event,
    Gone,
    Identifier,
    Joined,
    Order,
    OrderLine,
    PersonName,
    Product,
)
from tokui.store import feed, profiles
from tokui.store.tables import CustomerRow, OrderRow, ProductRow, columns
from tokui_contracts.scripted import page, script, told

DAY = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


def hana(version=None, given="花", **fields):
    name = PersonName(family="山田", given=given)
    return Customer(external_id="1", source_version=version, name=name, **fields)


def sale(buyer=None, key="A", **fields):
    line = OrderLine(line_id="1", quantity=1, unit_price_minor=1200)
    fields = {"state": "paid", "lines": (line,), **fields}
    return Order(external_id=key, placed_at=DAY, currency="JPY", buyer=buyer, **fields)


def stored(store, table=CustomerRow, key="1"):
    at = columns(table)
    with store.read() as tx:
        return tx.all(sa.select(table.__table__).where(at.external_id == key))[0]


def known(store, key="1"):
    return Customer.model_validate_json(stored(store, key=key).record)


def person(store, key="1", connection="shop"):
    with store.read() as tx:
        return profiles.place_of(tx, connection, key)[1]


def changes(store):
    with store.read() as tx:
        return [(each.profile_id, each.what) for each in feed.after(tx, 0, 1000)]


def test_the_same_page_twice_is_stored_once(store):
    plan = script("shop", page(hana(1), sale("1")), page(hana(1), sale("1")))

    report = told(store, plan)

    assert (report.total.stored, report.total.unchanged) == (2, 2)
    assert sorted(what for _, what in changes(store)) == ["customer", "order"]


def test_an_older_record_never_overwrites_a_newer(store):
    report = told(store, script("shop", page(hana(2, "花子")), page(hana(1, "花"))))

    assert known(store).name.given == "花子"
    assert report.total.stale == 1


def test_an_equal_version_with_other_content_overwrites(store):
    told(store, script("shop", page(hana(2, "花子")), page(hana(2, "花"))))

    assert known(store).name.given == "花"


def test_without_versions_the_record_read_last_stands(store):
    told(store, script("shop", page(hana(None, "花子")), page(hana(None, "花"))))

    assert known(store).name.given == "花"


def test_of_duplicates_within_one_page_the_newest_stands(store):
    report = told(store, script("shop", page(hana(2, "花子"), hana(3, "花"), hana(1, "華"))))

    assert known(store).name.given == "花"
    assert report.total.stored == 1


def test_a_fact_of_an_unknown_customer_makes_a_stub_that_the_real_record_fills(store):
    told(store, script("shop", page(sale("1"))))
    before = stored(store)

    told(store, script("shop", page(sale("1")), page(hana(1))))
    after = stored(store)

    assert before.stub
    assert not after.stub
    assert (after.id, after.profile_id) == (before.id, before.profile_id)
    with store.read() as tx:
        assert [order.external_id for _, order in profiles.orders(tx, after.profile_id)] == ["A"]


def test_a_customer_of_whom_only_the_id_is_known_is_no_stub_any_more(store):
    told(store, script("shop", page(sale("1")), page(Customer(external_id="1"))))

    assert not stored(store).stub


def test_a_stub_that_comes_after_the_real_record_changes_nothing(store):
    told(store, script("shop", page(hana(1)), page(sale("1"))))

    assert known(store).name.given == "花"


def test_an_anonymous_sale_belongs_to_no_profile(store):
    told(store, script("shop", page(sale(None))))

    assert stored(store, OrderRow, "A").customer_id is None
    assert changes(store) == []


def test_a_customer_that_is_gone_keeps_the_orders_and_is_found_no_more(store):
    mail = Identifier(kind="email", value="hana@example.jp")
    told(store, script("shop", page(hana(1, identifiers=(mail,)), sale("1"))))

    told(store, script("shop", [], page(Gone(external_id="1", kind="customer"))))

    with store.read() as tx:
        assert find(tx, "hana@example.jp", []) == []
        assert len(profiles.orders(tx, person(store))) == 1


def test_a_record_older_than_its_tombstone_does_not_revive(store):
    gone = Gone(external_id="1", kind="customer", source_version=5)
    told(store, script("shop", page(hana(1)), page(gone), page(hana(1))))

    assert stored(store).gone_at is not None


def test_a_record_newer_than_its_tombstone_revives(store):
    gone = Gone(external_id="1", kind="customer", source_version=5)
    told(store, script("shop", page(hana(1)), page(gone), page(hana(6))))

    assert stored(store).gone_at is None
    assert known(store).source_version == 6


def test_an_order_older_than_its_tombstone_does_not_revive(store):
    gone = Gone(external_id="A", kind="order", source_version=5)
    old = sale("1", source_version=4)
    told(store, script("shop", page(old), page(gone), page(old)))

    assert stored(store, OrderRow, "A").gone_at is not None


def test_a_tombstone_older_than_the_record_buries_nothing(store):
    gone = Gone(external_id="1", kind="customer", source_version=5)
    told(store, script("shop", page(hana(6)), page(gone)))

    assert stored(store).gone_at is None


def test_what_was_never_there_can_be_gone(store):
    gone = [Gone(external_id="9", kind=kind) for kind in ("customer", "order", "product")]

    report = told(store, script("shop", page(*gone)))

    assert (report.exit_code, report.total.gone) == (0, 0)


def test_gone_of_an_unknown_kind_goes_to_quarantine(store):
    report = told(store, script("shop", page(Gone(external_id="1", kind="unicorn"), hana(1))))

    assert report.total.quarantined == 1
    assert known(store).name.given == "花"


def test_an_order_that_is_gone_is_a_change_of_its_buyer(store):
    told(store, script("shop", page(hana(1), sale("1"))))
    before = len(changes(store))

    told(store, script("shop", [], page(Gone(external_id="A", kind="order"))))

    assert changes(store)[before:] == [(person(store), "order")]


def test_an_order_that_finds_another_buyer_is_a_change_of_both(store):
    other = Customer(external_id="2")
    told(store, script("shop", page(hana(1), other, sale("1"))))
    before = len(changes(store))

    told(store, script("shop", [], page(sale("2"))))

    both = {(person(store, "1"), "order"), (person(store, "2"), "order")}
    assert set(changes(store)[before:]) == both


def test_the_sources_merge_moves_facts_to_the_survivor_and_keeps_the_alias(store):
    told(store, script("shop", page(hana(1), Customer(external_id="2"), sale("1"))))
    old, new = person(store, "1"), person(store, "2")

    told(store, script("shop", [], page(Joined(external_id="1", into="2"))))

    with store.read() as tx:
        assert profiles.resolve(tx, old) == profiles.resolve(tx, new)
        assert [order.external_id for _, order in profiles.orders(tx, old)] == ["A"]
        assert [customer.external_id for _, customer in profiles.customers(tx, old)] == ["2"]


def test_a_customer_merged_by_the_source_is_not_revived_by_an_older_record(store):
    joined = Joined(external_id="1", into="2", source_version=5)
    told(store, script("shop", page(hana(1)), page(joined), page(hana(1))))

    assert stored(store).gone_at is not None


def test_a_merge_that_was_said_before_changes_nothing(store):
    joined = Joined(external_id="1", into="2")
    told(store, script("shop", page(hana(1), Customer(external_id="2")), page(joined)))
    before = changes(store)

    told(store, script("shop", [], [], page(joined)))

    assert changes(store) == before


def test_a_merge_of_a_customer_with_itself_is_refused(store):
    report = told(store, script("shop", page(hana(1)), page(Joined(external_id="1", into="1"))))

    assert report.total.quarantined == 1
    assert stored(store).gone_at is None


def test_more_facts_than_a_statement_takes_parameters_change_at_once(store):
    at_most(store, 100)
    visits = [
        Event(external_id=f"{number}", customer="1", type="visit", occurred_at=DAY)
        for number in range(150)
    ]
    told(store, script("shop", page(*visits)))

    later = [each.model_copy(update={"text": "tea"}) for each in visits]
    report = told(store, script("shop", [], page(*later)))

    assert report.total.stored == 150


def at_most(store, parameters):
    """Let SQLite, which takes 32,766, take only so many; PostgreSQL takes 65,535."""
    if store.engine.dialect.name == "sqlite":
        store.engine.dispose()

        @sa.event.listens_for(store.engine, "connect")
        def _limit(driver, _):
            driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, parameters)


def test_merges_in_a_chain_within_one_page_end_at_the_last(store):
    three = [Customer(external_id=key) for key in "123"]
    told(store, script("shop", page(*three)))
    first = person(store, "1")

    chain = [Joined(external_id="1", into="2"), Joined(external_id="2", into="3")]
    told(store, script("shop", [], page(*chain)))

    with store.read() as tx:
        assert profiles.resolve(tx, first) == profiles.resolve(tx, person(store, "3"))


def test_a_withheld_field_keeps_what_was_known(store):
    told(
        store,
        script(
            "shop",
            page(hana(1)),
            page(Customer(external_id="1", source_version=2, withheld=("name",))),
        ),
    )

    assert known(store).name.given == "花"


def test_withheld_identifiers_stay_beside_those_that_are_shown(store):
    card, old, new = (
        Identifier(kind=kind, value=value)
        for kind, value in (
            ("member_no", "0012345"),
            ("line_user_id", "U1"),
            ("line_user_id", "U2"),
        )
    )
    shy = Customer(external_id="1", identifiers=(new,), withheld=("identifiers",))

    told(store, script("shop", page(hana(identifiers=(card, old))), page(shy)))

    assert set(known(store).identifiers) == {card, new}


def test_what_comes_twice_in_a_page_keeps_what_the_second_withholds(store):
    card = Identifier(kind="member_no", value="0012345")
    shy = Customer(external_id="1", withheld=("name", "identifiers"))

    told(store, script("shop", page(hana(identifiers=(card,)), shy)))

    assert known(store).name.given == "花"
    assert known(store).identifiers == (card,)


def test_a_withheld_record_read_again_is_unchanged(store):
    shy = Customer(external_id="1", source_version=2, withheld=("name",))

    report = told(store, script("shop", page(hana(1)), page(shy), page(shy)))

    assert report.total.unchanged == 1


def test_an_empty_field_that_is_not_withheld_erases(store):
    told(store, script("shop", page(hana(1)), page(Customer(external_id="1", source_version=2))))

    assert known(store).name is None


def test_all_records_of_an_item_are_stored_or_none(store):
    broken = {"records": [*page(hana(1))[0]["records"], {"kind": "order", "record": {}}]}

    report = told(store, script("shop", page(broken)))

    assert (report.total.stored, report.total.quarantined) == (0, 1)


def test_an_amount_that_no_database_can_hold_goes_to_quarantine(store):
    line = OrderLine(line_id="1", quantity=1, unit_price_minor=10**30)
    report = told(store, script("shop", page(sale("1", "A", lines=(line,)), sale("1", "B"))))

    assert (report.total.quarantined, report.exit_code) == (1, 5)
    assert stored(store, OrderRow, "B").spent_minor == 1200


def test_a_version_that_no_database_can_hold_goes_to_quarantine(store):
    report = told(store, script("shop", page(hana(10**20), Product(external_id="P", title="帯"))))

    assert report.total.quarantined == 1
    assert stored(store, ProductRow, "P")


def test_a_name_of_any_length_can_be_stored_and_searched(store):
    long = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(5000))

    report = told(store, script("shop", page(hana(1, given=long))))

    assert report.exit_code == 0
    with store.read() as tx:
        assert find(tx, "山田" + long[:20], []) == [person(store)]


def test_text_with_a_nul_goes_to_quarantine(store):
    report = told(store, script("shop", page(hana(1, given="a\0b"))))

    assert report.total.quarantined == 1


def test_an_event_hangs_on_its_customer(store):
    visit = Event(external_id="V", customer="1", type="visit", occurred_at=DAY)
    told(store, script("shop", page(visit, hana(1))))

    with store.read() as tx:
        assert [event.external_id for _, event in profiles.events(tx, person(store))] == ["V"]
    assert (person(store), "event") in changes(store)
