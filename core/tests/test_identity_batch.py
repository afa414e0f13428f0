"""The batch pass: what it joins, parts, asks and leaves alone."""

import pytest
import sqlalchemy as sa
from batch_worlds import STAFF, answer, partition, row_ids
from tokui.connector import IdentifierRule, Stream
from tokui.errors import LockedError
from tokui.identity import batch, check, rebuild, undo
from tokui.identity.rules import Blocked, Rules
from tokui.identity.weigh import Policy, voted
from tokui.model import Customer, Gone, Identifier, PersonName
from tokui.store import decisions, feed, profiles, reviews, shared
from tokui.store import lease as leases
from tokui.store.tables import CustomerRow, SharedValueRow, columns
from tokui.sync.worker import Company
from tokui_contracts.scripted import KINDS, page, script, told

EMAIL, OTHER = "megu@example.jp", "ken@example.jp"
HARD = Policy(merge=100_000)
"""Nothing is enough for it, so that everybody arrives alone."""


def customer(key, email=None, given="芽久", version=1, phone=None, family="小鳥遊", **fields):
    found = [("email", email), ("phone", phone)]
    return Customer(
        external_id=key,
        source_version=version,
        name=PersonName(family=family, given=given) if given else None,
        identifiers=tuple(Identifier(kind=k, value=v) for k, v in found if v),
        **fields,
    )


def arrive(store, *people, policy=HARD):
    """Everybody by a connection of their own, the first `a`; `policy` links on arrival."""
    for name, record in zip("abcdefghijklmnop", people, strict=False):
        told(store, script(name, page(record)), company=Company(policy=policy))


def homes(store):
    """Profile by external id."""
    at = columns(CustomerRow)
    with store.read() as tx:
        return dict(tuple(row) for row in tx.all(sa.select(at.external_id, at.profile_id)))


def ledger(store):
    with store.read() as tx:
        at = columns(CustomerRow)
        log = tx.all(sa.select(decisions.AT.id))
        return tx.all(sa.select(at.id, at.profile_id)), log, feed.last(tx), reviews.count(tx)


def test_a_pass_joins_whom_arrival_left_apart(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL), customer("3", OTHER, given="健介"))

    report = batch.run(store, Policy())

    assert partition(store) == [[("a", "1"), ("b", "2")], [("c", "3")]]
    assert (report.everything, report.done.merges, report.done.splits) == (True, 1, 0)


def test_a_merge_keeps_the_id_of_most_and_every_id_resolves(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL), customer("3", EMAIL), policy=HARD)
    before = list(homes(store).values())

    batch.run(store, Policy())

    with store.read() as tx:
        assert {profiles.resolve(tx, each) for each in before} == {min(before)}
        merged = {c.profile_id for c in feed.after(tx, 0, 100) if c.what == "merged"}
        assert merged == set(before)
        assert decisions.misplaced(tx) == []
        log = decisions.about(tx, row_ids(store).values())
    assert {(each.kind, each.actor) for each in log} == {("merge", "batch")}
    assert all(each.between and each.evidence for each in log)


def test_a_pass_parts_whom_a_change_has_parted_and_gives_back_the_id(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    before = homes(store)["2"]
    batch.run(store, Policy())
    moved = customer("2", OTHER, given="健介", version=2)

    told(store, script("b", [], page(moved)), company=Company(policy=HARD))
    report = batch.run(store, Policy())

    assert (report.everything, report.done.splits) == (False, 1)
    assert homes(store)["2"] == before
    with store.read() as tx:
        assert profiles.resolve(tx, before) == before
        assert check.check(tx) == []


def test_a_pass_over_nothing_that_changed_changes_nothing(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL), customer("3", phone="03-3333-4444"))
    batch.run(store, Policy())
    before = ledger(store)

    report = batch.run(store, Policy())

    assert (report.customers, report.pairs) == (0, 0)
    assert ledger(store) == before


def test_another_policy_is_a_reason_to_look_at_everybody(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    batch.run(store, Policy())

    assert batch.run(store, HARD).done.splits == 1
    assert partition(store) == [[("a", "1")], [("b", "2")]]


def test_a_dry_run_tells_and_writes_nothing(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    before = ledger(store)

    report = batch.run(store, Policy(), dry_run=True)

    assert report.done.merges == 1
    assert ledger(store) == before


@pytest.mark.parametrize(("margin", "joined"), [(0, True), (100_000, False)])
def test_what_is_nearer_to_the_threshold_than_the_margin_is_asked(store, margin, joined):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))

    report = batch.run(store, Policy(), margin=margin)

    assert (len(partition(store)) == 1) == joined
    assert report.done.asked == (not joined)


def test_a_split_nearer_than_the_margin_is_held_back(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    batch.run(store, Policy())

    report = batch.run(store, Policy(merge=20_000), margin=10**5)

    assert (report.done.held, len(partition(store))) == (1, 1)


def test_never_means_never(store):
    told(store, script("a", page(customer("1", EMAIL)), page(customer("2", EMAIL))))
    batch.run(store, Policy())
    assert len(partition(store)) == 1

    batch.run(store, Policy(duplicates={"a": "never"}), margin=10**5)

    assert len(partition(store)) == 2


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_an_answer_holds_whatever_the_evidence_says(store, verdict):
    other = customer("2", EMAIL) if verdict == "different" else customer("2", OTHER, given="健介")
    arrive(store, customer("1", EMAIL), other)
    answer(store, ("a", "1"), ("b", "2"), verdict)

    batch.run(store, Policy())
    batch.run(store, Policy(), everything=True)

    assert (len(partition(store)) == 1) == (verdict == "same")
    with store.read() as tx:
        assert check.check(tx) == []


def test_what_too_many_bear_is_shared_until_few_bear_it(store):
    arrive(
        store,
        *(customer(str(n), EMAIL, given=given) for n, given in enumerate(["健介", "芽久", "翔太"])),
    )
    with store.write() as tx:
        tx.delete(SharedValueRow, "token", [f"email:*:{EMAIL}"])

    assert batch.run(store, Policy()).marked == 1

    told(store, script("a", [], page(customer("0", OTHER, version=2))))
    assert batch.run(store, Policy()).unmarked == 1
    with store.read() as tx:
        assert shared.marked(tx) == {}


def test_a_unique_number_is_never_shared(store):
    stream = Stream("people", KINDS, identifiers=(IdentifierRule("card", "unique", "club"),))
    for name in "abcd":
        record = Customer(external_id="1", identifiers=(Identifier(kind="card", value="77"),))
        told(store, script(name, page(record), stream=stream))

    assert batch.run(store, Policy(max_records=2)).marked == 0


def test_one_who_is_gone_stays_where_they_were(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL), policy=Policy())
    told(store, script("b", [], page(Gone(external_id="2", kind="customer"))))

    batch.run(store, Policy(), everything=True)

    assert len(partition(store)) == 1


def test_only_one_pass_is_at_work(store):
    lease = leases.acquire(store, batch.LEASE)

    with pytest.raises(LockedError):
        batch.run(store, Policy())
    leases.release(store, lease)


def test_what_changes_while_a_pass_is_at_work_waits_for_the_next(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    moved = script("b", [], page(customer("2", OTHER, given="健介", version=2)))
    late = [moved]

    def votes(one, other, judgement):
        if late:
            told(store, late.pop(), company=Company(policy=HARD))
        return judgement

    report = batch.run(store, Policy(), votes=votes)

    assert len(report.done.waiting) == 2
    assert len(partition(store)) == 2
    assert batch.run(store, Policy()).customers
    assert len(partition(store)) == 2


def test_hooks_are_heard(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))

    batch.run(store, Policy(), votes=lambda one, other, known: voted(known, ["ask"], Policy()))

    with store.read() as tx:
        assert [each.question.reason for each in reviews.ranked(tx)] == ["asked"]


def test_what_was_asked_of_one_who_changed_is_asked_no_more(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    batch.run(store, Policy(), margin=100_000)

    told(store, script("b", [], page(customer("2", OTHER, given="健介", family="佐藤", version=2))))
    batch.run(store, Policy(), margin=100_000)

    with store.read() as tx:
        assert reviews.ranked(tx) == []


def test_nobody_is_asked_of_two_records_of_a_source_whose_own_are_never_joined(store):
    never = Policy(duplicates={"a": "never"})
    both = script("a", page(customer("1", EMAIL), customer("2", EMAIL)))
    told(store, both, company=Company(policy=never))

    batch.run(store, never, everything=True)

    with store.read() as tx:
        assert reviews.ranked(tx) == []
    assert len(partition(store)) == 2


def test_what_is_answered_is_not_asked(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    answer(store, ("a", "1"), ("b", "2"), "different")

    batch.run(store, Policy(merge=20_000))

    with store.read() as tx:
        assert reviews.ranked(tx) == []


def test_what_a_margin_left_undone_is_done_without_it(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    batch.run(store, Policy(), margin=100_000)

    batch.run(store, Policy())

    assert len(partition(store)) == 1


def test_a_pass_that_is_stopped_goes_on_the_next_time(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))

    assert batch.run(store, Policy(), halt=lambda: True).stopped
    assert len(partition(store)) == 2

    batch.run(store, Policy())
    assert len(partition(store)) == 1


def test_a_rebuild_applies_the_present_rules_to_what_is_stored(store):
    arrive(
        store, customer("1", EMAIL, given=None), customer("2", EMAIL, given=None), policy=Policy()
    )
    blocked = Blocked({"email": frozenset([EMAIL])})

    done = rebuild.rebuild(store, lambda name: Rules(name, blocked=blocked), Policy())

    assert done.rewritten == 2
    assert len(partition(store)) == 2
    again = rebuild.rebuild(store, lambda name: Rules(name, blocked=blocked), Policy())
    assert again.rewritten == 0
    with store.read() as tx:
        assert check.check(tx, lambda name: Rules(name, blocked=blocked)) == []


def test_what_a_pass_joined_can_be_taken_back_and_no_pass_joins_it_again(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    apart, before = partition(store), homes(store)
    batch.run(store, Policy())

    with store.write() as tx:
        (merged,) = decisions.about(tx, row_ids(store).values())
        undo.revert(tx, merged.id, STAFF)
    assert homes(store) == before

    batch.run(store, Policy())
    batch.run(store, Policy(), everything=True)
    assert partition(store) == apart


def test_whom_an_answer_kept_apart_may_be_joined_once_it_is_taken_back(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    with store.write() as tx:
        said = undo.answer(tx, tuple(sorted(row_ids(store).values())), "different", STAFF)
    batch.run(store, Policy())
    assert len(partition(store)) == 2

    with store.write() as tx:
        undo.revert(tx, said.decision_id, STAFF)
    batch.run(store, Policy())

    assert partition(store) == [[("a", "1"), ("b", "2")]]


def test_a_pass_over_everybody_that_was_stopped_looks_at_everybody_the_next_time(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL))
    batch.run(store, Policy())

    batch.run(store, Policy(), everything=True, halt=lambda: True)

    assert batch.run(store, Policy()).everything
    assert not batch.run(store, Policy()).everything


def test_all_who_hang_together_with_one_who_changed_meanwhile_wait_for_the_next_pass(store):
    arrive(store, customer("1", EMAIL), customer("2", EMAIL), customer("3", EMAIL))
    batch.run(store, HARD)
    late = [script("c", [], page(customer("3", OTHER, given="健介", family="佐藤", version=2)))]

    def votes(one, other, judgement):
        if late:
            told(store, late.pop(), company=Company(policy=HARD))
        return judgement

    assert len(batch.run(store, Policy(), votes=votes).done.waiting) == 3
    batch.run(store, Policy())

    assert partition(store) == [[("a", "1"), ("b", "2")], [("c", "3")]]


def test_a_value_that_is_shared_since_the_pass_began_proves_nothing_to_it(store, monkeypatch):
    arrive(store, customer("1", EMAIL, given=None), customer("2", EMAIL, given=None))
    before = shared.crowds

    def crowds(tx, *limits):
        with store.write() as late:
            shared.mark(late, {f"email:*:{EMAIL}": (11, 3)})
        return before(tx, *limits)

    monkeypatch.setattr(shared, "crowds", crowds)
    batch.run(store, Policy(), everything=True)

    assert len(partition(store)) == 2
