"""Every public field of every model says in its class's docstring what it holds."""

import inspect
import re
from collections.abc import Iterator

import pytest
import tokui.card
import tokui.hooks
import tokui.model
from tokui.model import RECORDS, Record, Value

MODULES = (tokui.model, tokui.card, tokui.hooks)
ENTRY = re.compile(r"^    (\w+): \S.{3,}", re.MULTILINE)


def models() -> Iterator[type[Value]]:
    found = {
        thing for module in MODULES for thing in vars(module).values() if inspect.isclass(thing)
    }
    yield from sorted((m for m in found if issubclass(m, Value)), key=lambda model: model.__name__)


def documented(model: type[Value]) -> set[str]:
    docs = [
        inspect.cleandoc(base.__doc__ or "") for base in model.__mro__ if issubclass(base, Value)
    ]
    return {name for doc in docs for name in ENTRY.findall(doc.partition("Attributes:")[2])}


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.__name__)
def test_every_field_is_documented_and_no_field_that_is_gone(model):
    own = inspect.cleandoc(model.__doc__ or "").partition("Attributes:")[2]

    assert set(model.model_fields) - documented(model) == set()
    assert set(ENTRY.findall(own)) - set(model.model_fields) == set()


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.__name__)
def test_every_model_is_frozen_and_refuses_unknown_fields(model):
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["hide_input_in_errors"]


def test_every_record_has_a_kind_of_its_own():
    kinds = [record.kind_name for record in RECORDS]

    assert sorted(kinds) == sorted(set(kinds))
    ours = {kind for kind in Record.__subclasses__() if kind.__module__.startswith("tokui.")}
    assert set(RECORDS) == ours
