"""What must hold of a street of families, however its people arrive; `make torture` looks longer."""

import pytest
from street_laws import LAWS, hold

pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_of_the_street(store, law):
    seen = hold(law, store, 6, derandomize=True)

    assert seen["persons of several"]
