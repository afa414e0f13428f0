"""What people say about being reached, kept and weighed by contact point."""

from datetime import UTC, datetime, timedelta

import pytest
from tokui.connector import IdentifierRule, Stream
from tokui.model import Consent, Customer, Delivery, Gone, Identifier, Suppression
from tokui.outreach.declare import say
from tokui.outreach.standings import Asked, standings
from tokui.store import messages, profiles, suppressions, turns
from tokui.store.engine import Store
from tokui.store.messages import New
from tokui_contracts.scripted import KINDS, POISON, item, page, script, told

DAY = datetime(2026, 9, 1, tzinfo=UTC)
MAIL, OTHER = "megu@example.jp", "new@example.jp"
HERE, THERE = f"email:*:{MAIL}", f"email:*:{OTHER}"


def megu(*addresses: str, key: str = "1", version: int | None = None) -> Customer:
    known = tuple(Identifier(kind="email", value=each, verified=True) for each in addresses)
    return Customer(external_id=key, source_version=version, identifiers=known)


def said(state, key: str = "1", days: int | None = 0, **more) -> Consent:
    whole = {"contact": "email", "evidence": "form", **more}
    at = None if days is None else DAY + timedelta(days=days)
    return Consent(external_id=f"{key}/c", customer=key, state=state, occurred_at=at, **whole)


def person(store: Store, key: str = "1", connection: str = "shop") -> int:
    with store.read() as tx:
        return profiles.place_of(tx, connection, key)[1]


def reason(store: Store, point: str = HERE, key: str = "1", connection: str = "shop", topic=None):
    asked = Asked(person(store, key, connection), point, "marketing", topic)
    with store.read() as tx:
        return standings(tx, [asked])[asked].reason


def waiting(store: Store, purpose="marketing", connection: str = "mail") -> int:
    """Queue a message to the person, and give its number."""
    with store.write() as tx:
        customer_id = profiles.place_of(tx, "shop", "1")[0]
        new = New(customer_id, connection, HERE, MAIL, "{}", "staff:Aoki", purpose)
        [number] = turns.draft(tx, [new])
        turns.approve(tx, [number], "staff:Aoki")
    return number


def fate(store: Store, number: int) -> tuple[str, str | None, str | None]:
    with store.read() as tx:
        found = messages.get(tx, number)
    return found.state, found.rule, found.reason


def test_a_no_that_a_till_without_dates_says_again_is_newer_than_what_was_said_in_between(store):
    runs = []

    def till(state):
        told(store, script("shop", *runs, page(megu(MAIL), said(state, days=None))))
        runs.append([])

    till("denied")
    with store.write() as tx:
        yes = said("granted").model_copy(update={"occurred_at": datetime.now(UTC)})
        say(tx, person(store), yes, "staff:Aoki")
    till("denied")
    assert reason(store) == "granted"

    till("granted")
    till("denied")
    assert reason(store) == "denied"


def test_a_yes_without_a_value_is_for_the_addresses_of_that_day(store):
    told(store, script("shop", page(megu(MAIL, version=1), said("granted"))))
    told(store, script("shop", [], page(megu(MAIL, OTHER, version=2), said("granted"))))

    assert (reason(store), reason(store, THERE)) == ("granted", "unknown")


def test_a_no_without_a_value_is_for_every_address_to_come(store):
    told(store, script("shop", page(megu(MAIL, version=1), said("denied"))))
    told(store, script("shop", [], page(megu(OTHER, version=2))))

    assert (reason(store), reason(store, THERE)) == ("denied", "denied")


def test_a_yes_is_for_the_address_that_it_names_however_it_is_written(store):
    told(store, script("shop", page(megu(MAIL, OTHER), said("granted", value="MEGU@Example.jp"))))

    assert (reason(store), reason(store, THERE)) == ("granted", "unknown")


def test_a_yes_that_names_what_is_no_address_is_for_none(store):
    told(store, script("shop", page(megu(MAIL), said("granted", value="ask her husband"))))

    assert reason(store) == "unknown"


def test_a_no_of_another_who_shares_the_address_counts(store):
    told(store, script("shop", page(megu(MAIL), said("granted"))))
    told(store, script("till", page(megu(MAIL, key="9"), said("denied", "9", days=1))))

    assert reason(store) == "denied"


def test_a_no_outlives_the_account_that_it_was_said_with(store):
    told(store, script("shop", page(megu(MAIL), said("granted"))))
    told(store, script("till", page(megu(MAIL, key="9"), said("denied", "9", days=1))))
    told(store, script("till", [], page(Gone(external_id="9", kind="customer"))))

    assert reason(store) == "denied"


def test_a_yes_ends_with_the_account_that_it_was_said_with(store):
    told(store, script("shop", page(megu(MAIL))))
    told(store, script("till", page(megu(MAIL, key="9"), said("granted", "9"))))
    before = reason(store)
    told(store, script("till", [], page(Gone(external_id="9", kind="customer"))))

    assert (before, reason(store)) == ("granted", "unknown")


def test_to_be_contacted_nowhere_is_a_persons_own_wish(store):
    family = page(megu(MAIL), said("granted"), megu(MAIL, key="2"))
    stream = Stream("everything", KINDS, identifiers=(IdentifierRule("email", "blocked"),))
    told(store, script("shop", family))
    told(store, script("till", page(megu(MAIL, key="9"), said("denied", "9", contact="any"))))
    alone = script(
        "list", page(megu(MAIL, key="5"), said("denied", "5", contact="any")), stream=stream
    )
    told(store, alone)

    together = person(store) == person(store, "9", "till")
    assert reason(store) == ("nowhere" if together else "granted")
    assert reason(store, key="5", connection="list") == "nowhere"


def test_many_are_asked_about_at_once(store):
    told(store, script("shop", page(megu(MAIL), said("granted"), said("denied", topic="sale"))))
    profile = person(store)
    asked = [
        Asked(profile, point, "marketing", topic)
        for point in (HERE, THERE)
        for topic in (None, "sale")
    ]

    with store.read() as tx:
        found = standings(tx, asked)

    assert [found[each].reason for each in asked] == ["granted", "denied", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("word", "comes_to"),
    [
        (said("revoked", days=1), ("cancelled", "consent", "revoked")),
        (said("denied", days=None), ("cancelled", "consent", "denied")),
        (said("denied", contact="any", days=1), ("cancelled", "consent", "nowhere")),
        (said("denied", days=-1), ("queued", "approval", None)),
        (said("denied", topic="sale", days=1), ("queued", "approval", None)),
        (said("denied", purpose="service", days=1), ("queued", "approval", None)),
        (said("denied", value=OTHER, days=1), ("queued", "approval", None)),
    ],
)
def test_a_no_cancels_what_waits_in_the_same_transaction(store, word, comes_to):
    told(store, script("shop", page(megu(MAIL), said("granted"))))
    number = waiting(store)

    told(store, script("shop", [], page(word)))

    assert fate(store, number) == comes_to


def bounce(value: str = MAIL, days: int = 0, **more) -> Suppression:
    whole = {"contact": "email", "stops": "all", "reason": "bounce", **more}
    at = DAY + timedelta(days=days)
    return Suppression(external_id="b", value=value, occurred_at=at, **whole)


def held(store: Store, point: str = HERE) -> list[tuple[str, str]]:
    with store.read() as tx:
        return [
            (each.stops, each.reason) for each in suppressions.in_force(tx, [point]).get(point, ())
        ]


def test_a_no_to_service_cancels_what_waits_of_that(store):
    told(store, script("shop", page(megu(MAIL), said("granted"))))
    numbers = [waiting(store, purpose) for purpose in ("marketing", "service", "transactional")]

    told(store, script("shop", [], page(said("denied", purpose="service", days=1))))

    assert [fate(store, each)[0] for each in numbers] == ["queued", "cancelled", "queued"]


def test_a_suppression_holds_until_a_newer_lift(store):
    told(store, script("mail", page(bounce(), bounce(days=2), bounce(days=1, lifted=True))))
    before = held(store)
    told(store, script("mail", [], page(bounce(days=3, lifted=True), bounce())))

    assert (before, held(store)) == ([("all", "bounce")], [])


def test_a_lift_of_one_reason_leaves_the_others(store):
    complaint = bounce(stops="marketing", reason="complaint")
    told(store, script("mail", page(bounce(), complaint, bounce(days=1, lifted=True))))

    assert held(store) == [("marketing", "complaint")]


@pytest.mark.parametrize(
    ("word", "connection", "stays"),
    [
        (bounce(), "mail", False),
        (bounce(), "other", False),
        (bounce(stops="marketing", reason="complaint"), "other", False),
        (bounce(account_only=True, reason="block"), "mail", False),
        (bounce(account_only=True, reason="block"), "other", True),
        (bounce(OTHER), "mail", True),
    ],
)
def test_a_suppression_cancels_what_waits_to_go_there(store, word, connection, stays):
    told(store, script("shop", page(megu(MAIL), said("granted"))))
    number = waiting(store, connection=connection)

    told(store, script("mail", page(word)))

    assert fate(store, number)[0] == ("queued" if stays else "cancelled")


def test_a_complaint_leaves_what_is_no_marketing(store):
    told(store, script("shop", page(megu(MAIL))))
    complaint = bounce(stops="marketing", reason="complaint")
    told(store, script("mail", page(complaint)))

    with store.read() as tx:
        [word] = suppressions.in_force(tx, [HERE])[HERE]

    assert word.concerns("any", "marketing")
    assert not word.concerns("any", "transactional")


def test_a_suppression_of_what_is_no_address_goes_into_quarantine(store):
    report = told(store, script("mail", page(bounce("none"), bounce(), POISON)))

    assert (report.total.quarantined, report.total.stored) == (2, 1)


def test_what_is_read_again_changes_nothing(store):
    whole = page(megu(MAIL), said("granted"), said("denied", topic="sale"), bounce())
    first = told(store, script("shop", whole))
    again = told(store, script("shop", [], whole))

    assert (first.total.stored, again.total.stored, again.total.unchanged) == (4, 0, 4)


def test_a_delivery_of_a_message_that_is_not_ours_is_left_out(store):
    ours = Delivery(external_id="d", parcel="nobodys", state="delivered", occurred_at=DAY)

    assert told(store, script("mail", [item(ours)])).total.stored == 0
