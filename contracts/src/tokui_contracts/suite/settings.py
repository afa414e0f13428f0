"""Checks of what every connector says about itself, whatever it can do: settings and custody."""

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, SecretBytes, SecretStr
from tokui.connector import Custodian, Settings

from tokui_contracts.suite.frame import Frame
from tokui_contracts.suite.rigged import Rigged, sealed

_SECRET = re.compile(r"(^|_)(token|secret|password|passwd|passphrase|key|credentials?)($|_)")


class SettingsChecks(Frame[Any]):
    """Its settings, and who answers for what it keeps."""

    def test_settings_are_described(self, rig: Rigged[Any]) -> None:
        """
        Every setting has a description, nested ones too.

        How to fix: `Field(description="…")`: one sentence, with the unit.
        """
        bare = [
            path
            for path, field in _fields(type(rig.connect(lent=sealed()).settings))
            if not field.description
        ]
        assert not bare, f"settings without a description: {bare}"

    def test_secrets_are_typed_as_secrets(self, rig: Rigged[Any]) -> None:
        """
        A setting whose name says token, secret, password, key or credential is a `SecretStr`.

        How to fix: annotate it `SecretStr`, or rename it if it is no secret (`record_id_columns`); a
        name that must stay goes into the contract's `not_secret`, with the reason.
        """
        plain = [
            path
            for path, field in _fields(type(rig.connect(lent=sealed()).settings))
            if _SECRET.search(path.rpartition(".")[2])
            and not _holds_secret(field.annotation)
            and path not in self.not_secret
        ]
        assert not plain, f"settings that look secret and are not SecretStr: {plain}"

    def test_custody_is_answered(self, rig: Rigged[Any]) -> None:
        """
        The connector is a `Custodian`, or says in `holds_nothing` why it need not be.

        How to fix: implement `export` and `erase`, or give the reason as a sentence.
        """
        connector = rig.connect(lent=sealed())
        reason = connector.holds_nothing
        assert isinstance(connector, Custodian) or (reason and reason.strip()), (
            "neither a Custodian nor a reason in `holds_nothing`"
        )


def _fields(settings: type[BaseModel], at: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in settings.model_fields.items():
        yield at + name, field
        for inner in _classes(field.annotation):
            if issubclass(inner, Settings | BaseModel):
                yield from _fields(inner, f"{at}{name}.")


def _classes(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _classes(part)


def _holds_secret(annotation: object) -> bool:
    """A secret, or something made of parts that are looked at by themselves."""
    return any(
        issubclass(kind, SecretStr | SecretBytes | BaseModel) for kind in _classes(annotation)
    )
