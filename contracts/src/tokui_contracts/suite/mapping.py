"""Checks of mapping: pure, honest about its kinds, and strict with what it does not understand."""

from copy import deepcopy
from datetime import timedelta

from tokui.connector import Item, Stream
from tokui.model import Customer, Record

from tokui_contracts.suite import damage
from tokui_contracts.suite.engine import Store
from tokui_contracts.suite.purity import watched
from tokui_contracts.suite.rig import Rig, SourceFrame
from tokui_contracts.suite.rigged import sealed

SAMPLES = 3
"""Items of each stream that are damaged field by field."""


class MappingChecks(SourceFrame):
    """What `parse` and `fetch` make of items."""

    def test_parse_is_pure(self, rig: Rig) -> None:
        """
        `parse` looks at nothing but the item: no clock, chance, network, file or earlier call.

        How to fix: what depends on the time or needs a request belongs into `pull`; put it into the
        item.
        """
        for stream in rig.streams():
            items = rig.items(stream)
            once, again = rig.source(lent=sealed()), rig.source(lent=sealed())
            first = [list(once.parse(stream.name, item)) for item in items]
            list(again.parse(stream.name, items[0]))  # may read what its settings name, once
            with watched() as impure:
                backwards = [list(again.parse(stream.name, item)) for item in reversed(items)]
            assert not impure, f"{stream.name}: parse called {sorted(set(impure))}"
            assert backwards[::-1] == first, f"{stream.name}: same items, other records"

    def test_parse_leaves_the_item_alone(self, rig: Rig) -> None:
        """
        An item is the same after `parse`: it may go to quarantine, and be parsed again.

        How to fix: `get` instead of `pop`; build new dicts.
        """
        for stream in rig.streams():
            source = rig.source(lent=sealed())
            for item in rig.items(stream):
                before = deepcopy(item)
                list(source.parse(stream.name, item))
                assert item == before, f"{stream.name}: parse changed its item"

    def test_kinds_are_truthful(self, rig: Rig) -> None:
        """
        `parse` returns records of the kinds that the stream declares, the main kind among them.

        How to fix: list every kind in `Stream.kinds`, the main one first.
        """
        for stream in rig.streams():
            kinds = {type(record) for record in rig.run(stream, Store()).records}
            strange = [kind.__name__ for kind in kinds - set(stream.kinds)]
            assert not strange, f"{stream.name}: undeclared kinds {strange}"
            assert stream.kinds[0] in kinds, f"{stream.name}: no record of its main kind"

    def test_identifiers_are_declared(self, rig: Rig) -> None:
        """
        Each kind of identifier that customers bring has a rule, which says what it is worth.

        How to fix: `Stream(…, identifiers=(IdentifierRule("member_no", "strong"), …))`.
        """
        for stream in rig.streams():
            records = rig.run(stream, Store()).records
            brought = {
                i.kind for each in records if isinstance(each, Customer) for i in each.identifiers
            }
            undeclared = brought - {rule.kind for rule in stream.identifiers}
            assert not undeclared, (
                f"{stream.name}: identifiers without a rule: {sorted(undeclared)}"
            )

    def test_external_ids_are_unique(self, rig: Rig) -> None:
        """
        Two objects never share a key.

        How to fix: the vendor's id is the key; a name, phone or barcode is not. Without an id, make
        a key of all that tells two objects apart.
        """
        for stream in rig.streams():
            records = rig.run(stream, Store()).records
            main = [record for record in records if type(record) is stream.kinds[0]]
            distinct: dict[str, Record] = {}
            for record in main:
                other = distinct.setdefault(record.key, record)
                assert other == record, f"{stream.name}: two objects have the key {record.key!r}"

    def test_keys_are_stable(self, rig: Rig) -> None:
        """
        An object has the same key on another day, under another seed, among other objects.

        How to fix: make no key of a position, of a counter, of the time or of chance.
        """
        for stream in rig.streams():
            before, after = Store(), Store()
            rig.run(stream, before)
            moved = rig.some(stream, 1)[0]
            if stream.incremental:
                rig.sandbox.touch(stream.name, [moved], rig.sandbox.now - timedelta(minutes=1))
            rig.run(stream, after, until=rig.sandbox.now + timedelta(days=9), seed=7)
            for external_id in rig.truth(stream) - {moved}:
                same = rig.row(stream, after, external_id) == rig.row(stream, before, external_id)
                assert same, f"{stream.name}: {external_id} is another object the second time"

    def test_unknown_fields_are_ignored(self, rig: Rig) -> None:
        """
        A field that the vendor adds tomorrow changes nothing.

        How to fix: read the fields that you need; do not hand a whole object to a strict model.
        """
        for stream in rig.streams():
            for item in rig.items(stream)[:SAMPLES]:
                more = damage.extended(item, _listed(rig.sandbox.free, stream))
                assert rig.parse(stream, more) == rig.parse(stream, item), (
                    f"{stream.name}: an unknown field changed the records"
                )

    def test_missing_fields_are_noticed(self, rig: Rig) -> None:
        """
        Without a field, `parse` raises, or the field did not matter; it does not go on half mapped.

        How to fix: `item["field"]`, not `item.get("field")`. A field that the vendor's documentation
        calls optional goes into the sandbox's `may_lack`.
        """
        unnoticed = set()
        for stream in rig.streams():
            listed = _listed([*rig.sandbox.free, *rig.sandbox.may_lack], stream)
            for item in rig.items(stream)[:SAMPLES]:
                for path in damage.paths(item, listed):
                    unnoticed |= _unnoticed(rig, stream, item, damage.without(item, path), path)
        assert not unnoticed, f"missing, and mapped without a word: {sorted(unnoticed)}"

    def test_wrong_types_are_noticed(self, rig: Rig) -> None:
        """
        With an object in place of a number or text, `parse` raises, or the field did not matter.

        A null and a boolean are left as they are: they say little about their type.

        How to fix: let the model validate; `str(…)`, f-strings and `… or default` hide what is wrong.
        A field that may hold anything goes into the sandbox's `free`.
        """
        unnoticed = set()
        for stream in rig.streams():
            for item in rig.items(stream)[:SAMPLES]:
                for path in damage.paths(item, _listed(rig.sandbox.free, stream)):
                    if damage.typed(value := damage.at(item, path)):
                        odd = damage.replaced(item, path, damage.odd(value))
                        unnoticed |= _unnoticed(rig, stream, item, odd, path)
        assert not unnoticed, f"of a wrong type, and mapped without a word: {sorted(unnoticed)}"

    def test_a_bad_object_stops_nothing(self, rig: Rig) -> None:
        """
        An object that cannot be mapped goes to quarantine; all others are stored.

        How to fix: `pull` hands items on as they came and reads no more of them than paging needs.
        """
        spoilt = {each.name: rig.some(each, 2)[-1] for each in rig.streams()}
        done = {name for name, bad in spoilt.items() if rig.sandbox.spoil(name, bad)}
        assert done, "the sandbox can spoil no object, so this check would be blind"
        for stream in (each for each in rig.streams() if each.name in done):
            bad = spoilt[stream.name]
            store = Store()
            run = rig.run(stream, store)
            lost = rig.missing(stream, store) - {bad}
            assert not lost, f"{stream.name}: {sorted(lost)} lost because of another object"
            assert run.quarantined, f"{stream.name}: the spoilt object was not noticed"

    def test_fetch_returns_what_exists(self, rig: Rig) -> None:
        """
        `fetch` gives the same objects as `pull`, and leaves out those that are gone or never were.

        How to fix: a 404 is an answer: leave the id out. Ask for the same fields as `pull` does.
        """
        for stream in rig.streams():
            store = Store()
            rig.run(stream, store)
            kept, gone = rig.some(stream, 2)
            rig.sandbox.remove(stream.name, gone)
            source = rig.source()
            items = list(source.fetch(stream.name, [kept, gone, rig.sandbox.nobody]))
            records = [record for item in items for record in source.parse(stream.name, item)]
            found = {record.external_id for record in records if type(record) is stream.kinds[0]}
            assert kept in found, f"{stream.name}: asked for {kept}, got {sorted(found)}"
            strange = found & {gone, rig.sandbox.nobody}
            assert not strange, f"{stream.name}: {sorted(strange)} came, and is not there"
            same = rig.row(stream, store, kept) in records
            assert same, f"{stream.name}: fetch and pull disagree about {kept}"


def _listed(fields: object, stream: Stream) -> set[str]:
    assert isinstance(fields, list | tuple | set | frozenset)
    head = f"{stream.name}."
    return {str(field).removeprefix(head) for field in fields if str(field).startswith(head)}


def _unnoticed(rig: Rig, stream: Stream, item: Item, damaged: Item, path: damage.Path) -> set[str]:
    """The field, if the records changed and nothing was raised."""
    where = f"{stream.name}.{damage.dotted(path)}"
    result = rig.parse(stream, damaged)
    fine = isinstance(result, Exception) or result == rig.parse(stream, item)
    return set() if fine else {where}
