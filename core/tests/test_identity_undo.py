"""Merging, parting and taking back by people's word."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokui.errors import ConfigError, PolicyRefusal, StoreError
from tokui.identity import batch, undo
from tokui.identity.weigh import Policy
from tokui.model import Customer, Identifier, Joined, PersonName
from tokui.store import answers, decisions, dirty, feed, profiles, reviews
from tokui.store.decisions import Decided, Move
from tokui.store.reviews import Question
from tokui.store.tables import CustomerRow, columns
from tokui_contracts.scripted import page, script, told
from tokui_contracts.stores import empty

MORI = "staff:Mori"
EMAIL = "hanako@example.jp"
DAY = datetime(2026, 9, 1, tzinfo=UTC)


def customer(key, email=None, **fields):
    found = (Identifier(kind="email", value=email),) if email else ()
    return Customer(external_id=key, identifiers=found, **fields)


def alone(store, *keys, connection="shop"):
    """Customers who have nothing in common; their profiles."""
    told(store, script(connection, page(*(customer(key) for key in keys))))
    with store.read() as tx:
        return [where(tx)[f"{connection}:{key}"] for key in keys]


def linked(store):
    """Two customers whom a rule linked by their e-mail; the profile."""
    for name in ("shop", "till"):
        told(store, script(name, page(customer("1", EMAIL))))
    with store.read() as tx:
        return where(tx)["shop:1"]


def where(tx):
    """Connection and key → profile."""
    at = columns(CustomerRow)
    rows = tx.all(sa.select(at.connection, at.external_id, at.profile_id))
    return {f"{connection}:{key}": profile for connection, key, profile in rows}


def number(tx, key, connection="shop"):
    at = columns(CustomerRow)
    query = sa.select(at.id).where(at.external_id == key, at.connection == connection)
    return tx.connection.execute(query).scalar_one()


def last_decision(tx, profile_id):
    return decisions.of_profile(tx, profile_id)[-1]


def changed(tx, what):
    return {each.profile_id for each in feed.after(tx, 0, 1000) if each.what == what}


def test_a_merge_keeps_the_older_id_and_holds_by_one_answer(store):
    older, newer = alone(store, "1", "2")

    with store.write() as tx:
        undo.merge(tx, newer, older, MORI)

        assert set(where(tx).values()) == {older}
        assert profiles.resolve(tx, newer) == older
        ((both, verdict, actor, _),) = answers.every(tx)
        assert (both, verdict) == ((number(tx, "1"), number(tx, "2")), "same")
        assert actor == MORI
        assert changed(tx, "merged") == {older, newer}


def test_a_preview_writes_nothing_and_says_what_will_be_done(store):
    older, newer = alone(store, "1", "2")

    with store.read() as tx:
        plan = undo.plan_merge(tx, older, newer)
        assert len(set(where(tx).values())) == 2
    with store.write() as tx:
        assert undo.merge(tx, older, newer, MORI).plan == plan


def test_a_merge_taken_back_brings_the_old_id_to_life(store):
    older, newer = alone(store, "1", "2")
    with store.write() as tx:
        done = undo.merge(tx, older, newer, MORI)

    with store.write() as tx:
        undo.revert(tx, done.decision_id, MORI)

        assert where(tx) == {"shop:1": older, "shop:2": newer}
        assert profiles.resolve(tx, newer) == newer
        assert [each.verdict for each in answers.every(tx)] == ["different"]
        assert changed(tx, "split") == {older, newer}


def test_a_link_by_rule_taken_back_is_not_made_again_when_the_record_arrives_again(store):
    profile = linked(store)
    with store.write() as tx:
        undo.revert(tx, last_decision(tx, profile).id, MORI)

    told(store, script("till", [], page(customer("1", EMAIL, note="new"))))

    with store.read() as tx:
        found = where(tx)
    assert found["shop:1"] == profile != found["till:1"]


def test_the_source_does_not_join_whom_a_person_parted(store):
    alone(store, "1", "2")
    joined = page(Joined(external_id="1", into="2"))
    told(store, script("shop", [], joined))
    with store.write() as tx:
        undo.extract(tx, [number(tx, "1")], MORI)

    told(store, script("shop", [], [], joined))

    with store.read() as tx:
        assert len(set(where(tx).values())) == 2
        assert [each.actor for each in answers.every(tx)] == [MORI]


def test_the_sources_own_word_is_kept_as_an_answer(store):
    alone(store, "1", "2")

    told(store, script("shop", [], page(Joined(external_id="1", into="2"))))

    with store.read() as tx:
        ((_, verdict, actor, decision_id),) = answers.every(tx)
        decided = decisions.one(tx, decision_id)
    assert (verdict, actor) == ("same", "source")
    assert (decided.kind, decided.actor, decided.rule) == ("merge", "source", None)


def test_whoever_is_taken_out_gets_the_id_they_had_before(store):
    older, newer = alone(store, "1", "2")
    with store.write() as tx:
        undo.merge(tx, older, newer, MORI)

    with store.write() as tx:
        undo.extract(tx, [number(tx, "2")], MORI)

        assert where(tx) == {"shop:1": older, "shop:2": newer}


def test_whoever_is_taken_out_and_never_had_an_id_gets_a_new_one(store):
    profile = linked(store)

    with store.write() as tx:
        done = undo.extract(tx, [number(tx, "1", "till")], MORI)

        found = where(tx)
        assert found["shop:1"] == profile
        assert found["till:1"] == done.plan.moves[0].to_id > profile


def test_taking_back_what_took_back_restores_the_merge_and_its_answer(store):
    older, newer = alone(store, "1", "2")
    with store.write() as tx:
        merged = undo.merge(tx, older, newer, MORI)
        said = answers.every(tx)
        parted = undo.revert(tx, merged.decision_id, MORI)

        undo.revert(tx, parted.decision_id, MORI)

        assert set(where(tx).values()) == {older}
        assert answers.every(tx) == said


def test_a_merge_in_the_middle_taken_back_lets_later_ones_follow_their_own_people(store):
    one, two, three = alone(store, "1", "2", "3")
    with store.write() as tx:
        middle = undo.merge(tx, one, two, MORI)
        both = answers.pair(number(tx, "2"), number(tx, "3"))
        undo.answer(tx, both, "same", MORI)

        undo.revert(tx, middle.decision_id, MORI)

        assert where(tx) == {"shop:1": one, "shop:2": two, "shop:3": two}
        assert profiles.resolve(tx, three) == two


def test_merges_that_were_made_one_upon_the_other_give_everybody_their_own_id_back(store):
    one, other = alone(store, "a", "b", connection="line")
    two = linked(store)
    with store.write() as tx:
        before = where(tx)
        first = undo.merge(tx, two, other, MORI)
        second = undo.merge(tx, first.plan.profile_id, one, MORI)

        undo.revert(tx, first.decision_id, MORI)
        undo.revert(tx, second.decision_id, MORI)

        assert where(tx) == before
        assert [profiles.resolve(tx, each) for each in (one, other, two)] == [one, other, two]


def test_no_pass_parts_any_two_whose_profiles_a_person_merged(store):
    """Else the next one would take out whoever is unlike the other profile."""
    name = PersonName(family="佐藤", given="恵子")
    told(store, script("shop", page(customer("1", EMAIL, name=name))))
    told(store, script("till", page(customer("1", EMAIL, name=name))))
    other = PersonName(family="小鳥遊", given="六花")
    told(store, script("line", page(customer("9", name=other))))
    with store.write() as tx:
        undo.merge(tx, where(tx)["shop:1"], where(tx)["line:9"], MORI)

    done = batch.run(store, Policy(), everything=True).done

    assert done.splits == 0
    with store.read() as tx:
        assert len(set(where(tx).values())) == 1


def test_a_merge_overrules_earlier_answers_and_its_undo_brings_them_back(store):
    one, two = alone(store, "1", "2")
    with store.write() as tx:
        both = (number(tx, "1"), number(tx, "2"))
        undo.answer(tx, both, "different", "staff:Ito")
        before = answers.every(tx)

        done = undo.merge(tx, one, two, MORI)
        assert [each.verdict for each in answers.every(tx)] == ["same"]
        undo.revert(tx, done.decision_id, MORI)

        assert answers.every(tx) == before


def test_what_would_break_a_later_answer_is_refused(store):
    one, two, three = alone(store, "1", "2", "3")
    with store.write() as tx:
        undo.merge(tx, one, two, MORI)
        parted = undo.extract(tx, [number(tx, "2")], MORI)
        undo.merge(tx, two, three, MORI)
        later = undo.answer(tx, (number(tx, "1"), number(tx, "3")), "different", MORI).decision_id

        with pytest.raises(PolicyRefusal, match=f"later answer, decision {later}, would"):
            undo.revert(tx, parted.decision_id, MORI)


def test_a_review_that_is_answered_is_asked_no_more(store):
    alone(store, "1", "2", "3")
    with store.write() as tx:
        one, two, three = (number(tx, key) for key in "123")
        reviews.put(
            tx, [Question((one, two), 900, 5, "likely"), Question((one, three), 0, 9, "asked")]
        )
        assert [each.question.gain for each in reviews.ranked(tx)] == [9, 5]

        undo.answer(tx, (one, two), "same", MORI)
        undo.answer(tx, (one, three), "different", MORI)

        assert reviews.ranked(tx) == []
        assert len(set(where(tx).values())) == 2


def test_moved_customers_and_those_who_stay_are_looked_at_by_the_next_batch_pass(store):
    older, newer = alone(store, "1", "2")
    with store.write() as tx:
        dirty.settle(tx, dirty.ids(tx))

        undo.merge(tx, older, newer, MORI)

        assert dirty.count(tx) == 2


def test_what_cannot_be_done_is_said(store):
    one, two = alone(store, "1", "2")
    with store.write() as tx:
        done = undo.merge(tx, one, two, MORI)
        undo.revert(tx, done.decision_id, MORI)
        for wrong in (
            lambda: undo.merge(tx, one, one, MORI),
            lambda: undo.merge(tx, one, 999, MORI),
            lambda: undo.extract(tx, [number(tx, "1")], MORI),
            lambda: undo.extract(tx, [number(tx, "1"), number(tx, "2")], MORI),
            lambda: undo.revert(tx, 999, MORI),
            lambda: undo.revert(tx, done.decision_id, MORI),
            lambda: undo.answer(tx, (998, 999), "same", MORI),
        ):
            with pytest.raises(ConfigError):
                wrong()


def test_no_name_of_a_customer_gets_into_the_log(store):
    name = PersonName(family="山田", given="花子")
    told(store, script("shop", page(customer("1", EMAIL, name=name), customer("2"))))
    with store.write() as tx:
        one, two = sorted(set(where(tx).values()))
        undo.merge(tx, one, two, MORI)

        text = repr(decisions.of_profile(tx, one))

    assert "花子" not in text
    assert EMAIL not in text


@given(
    merges=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8),
    regretted=st.sets(st.integers(0, 7)),
)
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_taking_merges_back_leaves_what_the_others_alone_would_have_made(store, merges, regretted):
    empty(store)
    alone(store, *"0123456")
    with store.write() as tx:
        people = [number(tx, key) for key in "0123456"]
        done = []
        for one, other in merges:
            if where(tx)[f"shop:{one}"] != where(tx)[f"shop:{other}"]:
                both = answers.pair(people[one], people[other])
                done.append((both, undo.answer(tx, both, "same", MORI).decision_id))
        gone = [each for n, each in enumerate(done) if n in regretted]

        for _, decision_id in reversed(gone):
            undo.revert(tx, decision_id, MORI)

        at = columns(CustomerRow)
        found = {row[0]: row[1] for row in tx.all(sa.select(at.id, at.profile_id))}
    groups = {each: {each} for each in people}
    for left, right in (both for both, _ in done if (both, _) not in gone):
        joined = groups[left] | groups[right]
        groups.update(dict.fromkeys(joined, joined))
    assert all((found[a] == found[b]) == (b in groups[a]) for a in people for b in people)


def test_a_split_by_rule_taken_back_is_held_by_an_answer(store):
    profile = linked(store)
    with store.write() as tx:
        moved = number(tx, "1", "till")
        split = Decided("split", "batch", "r/1", profile, moves=[Move(moved, profile, 77)])
        (decision_id,) = decisions.append(tx, [split])
        tx.update(CustomerRow, ("profile_id",), [(77, moved)])

        undo.revert(tx, decision_id, MORI)

        assert set(where(tx).values()) == {profile}
        assert [(each.verdict, each.actor) for each in answers.every(tx)] == [("same", MORI)]


def test_a_log_that_disagrees_with_the_links_is_not_followed(store):
    profile = linked(store)
    with store.write() as tx:
        tx.connection.execute(sa.update(CustomerRow).values(profile_id=99))
        alone_again = sa.update(CustomerRow).where(columns(CustomerRow).connection == "shop")
        tx.connection.execute(alone_again.values(profile_id=98))

        with pytest.raises(StoreError, match="disagree"):
            undo.revert(tx, last_decision(tx, profile).id, MORI)


def test_an_answer_that_holds_again_ends_the_question_that_was_asked_without_it(store):
    alone(store, "1", "2")
    with store.write() as tx:
        both = answers.pair(number(tx, "1"), number(tx, "2"))
        said = undo.answer(tx, both, "different", MORI)
        lifted = undo.revert(tx, said.decision_id, MORI)
        reviews.put(tx, [Question(both, 100, 1, "likely")])

        undo.revert(tx, lifted.decision_id, MORI)

        assert [each.verdict for each in answers.touching(tx, both)] == ["different"]
        assert reviews.touching(tx, both) == []
