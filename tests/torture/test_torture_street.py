"""Long runs of what must hold of a street."""

import pytest
from street_laws import LAWS, hold

pytestmark = [pytest.mark.torture, pytest.mark.timeout(600)]

EXAMPLES = {"sqlite": 100, "postgresql": 40}
MET = {
    "no_trace_of_arrival": ["link by rule", "merge by rule", "merge by source", "split by batch"],
    "answers_win": ["said same", "said different", "split by batch", "shared values"],
    "one_of_each_shop": ["link by rule", "merge by source", "split by batch"],
    "facts_stay": ["facts", "taken back", "split by batch", "shared values"],
    "changes_are_enough": ["merge by staff", "split by staff", "split by batch"],
}
"""What a run must have met to be worth anything."""


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_of_the_street(request, store, law, met):
    seen = hold(law, store, EXAMPLES[store.engine.dialect.name])

    met[request.node.callspec.id] = seen
    assert seen["persons of several"] > seen["worlds"] / 2
    assert [each for each in MET[law.__name__] if not seen[each]] == []
