"""Points that another system keeps: who is asked and when, and what becomes of a transfer."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from tokui.connector import (
    Balance,
    Connector,
    Expiring,
    IdentifierRule,
    Ledger,
    Member,
    Mirror,
    Movement,
    Posted,
    Redeem,
    Settings,
)
from tokui.errors import (
    AuthError,
    FatalError,
    LockedError,
    NotEnough,
    PolicyRefusal,
    Unanswered,
    Unavailable,
)
from tokui.identity.rules import Rules
from tokui.model import Customer, Identifier
from tokui.store import foreign, mirrored
from tokui.store.entry import entry
from tokui.sync.authority import SETTLED_US, Authority
from tokui.sync.batch import Batch
from tokui.sync.commit import write_batch
from tokui.sync.mirror import MirrorPlan
from tokui.sync.run import sync
from tokui.sync.stream import Options
from tokui.sync.worker import Company
from tokui_contracts.context import context

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
CLUB = Mirror("club", "loyalty", issuer="card", most=100)
RULES = {"member_no": IdentifierRule("member_no", "unique", "card")}
HANA = Member("club", "M001")


class Service(Connector[Settings], Ledger):
    """Says what a test wrote down, by number; an error is raised."""

    Settings = Settings
    holds_nothing = "it is a test's own"

    def __init__(self, says=(), name="loyalty"):
        super().__init__(name, Settings(), context(name))
        self.says, self.asked = dict(says), []

    def balance(self, member):
        self.asked.append(member.member_no)
        return Balance(self._said(member.member_no), NOW, expiring=(Expiring(1, NOW),))

    def history(self, member, limit=100):
        return [Movement("k", "earn", 5, "レジ", NOW)]

    def post(self, transfer):
        self.asked.append(transfer.key)
        return Posted(transfer.key, -transfer.points, self._said(transfer.key))

    def _said(self, key):
        said = self.says.get(key, 7)
        if isinstance(said, list):
            said = said.pop(0)
        if isinstance(said, BaseException):
            raise said
        return said


def know(store, *numbers, issuer="card"):
    identifiers = [Identifier(kind="member_no", value=each, issuer=issuer) for each in numbers]
    customers = [Customer(external_id=each.value, identifiers=(each,)) for each in identifiers]
    batch = Batch(customers=[entry(each) for each in customers])
    with store.write() as tx:
        write_batch(tx, Rules(issuer, RULES), batch)


def run(store, service, mirror=CLUB, **options):
    plan = MirrorPlan("loyalty", lambda _: service, [mirror])
    [report] = sync(store, [], Options(**options), Company(mirrors=[plan])).connections
    return report


def told(store, number):
    with store.read() as tx:
        return mirrored.balance(tx, Member("club", number))


def waiting(store):
    with store.read() as tx:
        return [each.key for each in foreign.unanswered(tx)]


def test_every_member_is_asked_for_once_and_what_is_said_is_kept(store):
    know(store, "M001", "M002")
    know(store, "X001", issuer="another-card")
    service = Service({"M001": 120})
    counts = run(store, service).streams["balances"]

    assert service.asked == ["M001", "M002"]
    assert (counts.read, counts.stored) == (2, 2)
    assert told(store, "M001") == Balance(120, NOW, expiring=(Expiring(1, NOW),))
    assert told(store, "X001") is None
    with store.read() as tx:
        assert mirrored.history(tx, HANA) == (Movement("k", "earn", 5, "レジ", NOW),)
        assert mirrored.figures(tx, "club")[:2] == (2, 0)
    assert run(store, service).streams["balances"].read == 0


def test_what_was_read_before_overwrites_nothing_newer(store):
    know(store, "M001")
    run(store, Service({"M001": 120}))
    before = Balance(100, NOW - timedelta(minutes=1))
    with store.write() as tx:
        assert mirrored.keep(tx, "loyalty", [(HANA, before, ())]) == 0

    assert told(store, "M001").points == 120


def test_any_issuer_is_taken_where_the_programme_names_none(store):
    know(store, "M001")
    know(store, "X001", issuer="another-card")
    service = Service()
    run(store, service, Mirror("club", "loyalty"))

    assert sorted(service.asked) == ["M001", "X001"]


def test_those_longest_unasked_are_asked_first(store):
    know(store, *(f"M00{n}" for n in range(6)))
    service = Service()
    few = Mirror("club", "loyalty", issuer="card", most=4)
    run(store, service, few)
    run(store, service, few, full=True, limit=4)

    assert service.asked == ["M000", "M001", "M002", "M003", "M004", "M005", "M000", "M001"]


def test_one_of_whom_nothing_can_be_said_stops_no_other(store):
    know(store, "M001", "M002")
    service = Service({"M001": FatalError("the card is broken")})
    report = run(store, service)

    assert told(store, "M001") is None
    assert told(store, "M002")
    assert "broken" in str(report.errors["balances"])
    assert run(store, service).streams["balances"].read == 0, "it waits for its next turn"


@pytest.mark.parametrize("error", [Unavailable("gone"), AuthError("no")])
def test_what_all_would_meet_ends_the_reading_and_the_next_one_goes_on(store, error):
    know(store, "M001", "M002", "M003")
    service = Service({"M002": [error, 9]})
    report = run(store, service)
    assert report.state == "failed"
    assert report.streams["balances"].read == 1

    run(store, service)
    assert service.asked == ["M001", "M002", "M003", "M002"]
    assert told(store, "M002").points == 9


def test_a_service_that_hangs_is_given_up_and_writes_nothing_late(store):
    know(store, "M001")
    free, service = threading.Event(), Service()
    service.balance = lambda _: free.wait(30) and Balance(1, NOW)
    report = run(store, service, stall_s=0.2)
    free.set()
    for each in threading.enumerate():
        if each.name == "mirror-loyalty":
            each.join(30)

    assert report.state == "abandoned"
    assert told(store, "M001") is None


def test_whom_nobody_knows_any_more_is_forgotten(store):
    know(store, "M001", "M002")
    run(store, Service())
    with store.write() as tx:
        mirrored.forget(tx, CLUB, ["member_no:another:"])

    assert told(store, "M001") is None


def test_another_authority_begins_anew(store):
    know(store, "M001")
    run(store, Service())
    other = Mirror("club", "other", issuer="card")
    with store.write() as tx:
        mirrored.forget(tx, other, mirrored.prefixes(tx, other))

    assert told(store, "M001") is None


def test_a_transfer_is_made_once_under_its_key(store):
    service = Service({"k": 70})
    there, ask = Authority(store, service), Redeem("k", HANA, 30, "")

    assert there.post(ask) == there.post(ask) == Posted("k", -30, 70)
    assert service.asked == ["k"]
    for other in (Redeem("k", HANA, 31, ""), Redeem("k", Member("club", "M002"), 30, "")):
        with pytest.raises(PolicyRefusal, match="another transfer"):
            there.post(other)
    with pytest.raises(PolicyRefusal, match="another transfer"):
        Authority(store, Service(name="other")).post(ask)


@pytest.mark.parametrize("error", [NotEnough("no"), AuthError("no"), Unavailable("gone")])
def test_what_was_not_done_leaves_the_key_free(store, error):
    there = Authority(store, Service({"k": [error, 7]}))
    with pytest.raises(type(error)):
        there.post(Redeem("k", HANA, 30, ""))

    assert waiting(store) == []
    assert there.post(Redeem("k", HANA, 3, "")).points == -3


@pytest.mark.parametrize(
    "error", [Unanswered("?"), FatalError("?"), KeyboardInterrupt(), RuntimeError()]
)
def test_what_may_have_been_done_is_kept_until_it_is_answered(store, error):
    there, ask = Authority(store, Service({"k": [error, 70]})), Redeem("k", HANA, 30, "")
    with pytest.raises(BaseException):  # noqa: B017, PT011 - each is its own
        there.post(ask)

    assert waiting(store) == ["k"]
    with pytest.raises(LockedError, match="no answer yet"):
        there.post(Redeem("other", HANA, 1, ""))
    assert there.post(ask) == Posted("k", -30, 70)
    assert waiting(store) == []


def test_a_no_soon_after_a_call_without_an_answer_settles_nothing(store, monkeypatch):
    says = [Unanswered("?"), NotEnough("no"), Unavailable("gone"), NotEnough("no")]
    there, ask = Authority(store, Service({"k": says})), Redeem("k", HANA, 30, "")
    for _ in range(3):
        with pytest.raises(Unanswered):
            there.post(ask)
    assert waiting(store) == ["k"]

    later = datetime.now(UTC) + timedelta(microseconds=SETTLED_US + 1)
    monkeypatch.setattr(store, "_now", lambda: later)
    with pytest.raises(NotEnough):
        there.post(ask)
    assert waiting(store) == []


def test_a_no_settles_nothing_soon_after_the_last_call_without_an_answer(store, monkeypatch):
    says = [Unanswered("?"), Unanswered("?"), NotEnough("no")]
    there, ask = Authority(store, Service({"k": says})), Redeem("k", HANA, 30, "")
    with pytest.raises(Unanswered):
        there.post(ask)
    later = datetime.now(UTC) + timedelta(microseconds=SETTLED_US + 1)
    monkeypatch.setattr(store, "_now", lambda: later)

    for _ in range(2):
        with pytest.raises(Unanswered):
            there.post(ask)

    assert waiting(store) == ["k"]


def test_two_do_not_move_the_points_of_one_member_at_once(store):
    there = Authority(store, Service())
    with store.write() as tx:
        foreign.begin(tx, "loyalty", Redeem("k", HANA, 30, ""))

    for key in ("k", "other"):
        with pytest.raises(LockedError, match="being"):
            there.post(Redeem(key, HANA, 30, ""))
    assert there.post(Redeem("k2", Member("club", "M002"), 30, "")).points == -30
