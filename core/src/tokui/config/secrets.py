"""Secrets by reference: `{env = "X"}`, `{file = "path"}`, `{keyring = "service/user"}`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard, get_args, get_origin

from pydantic import BaseModel, JsonValue, SecretStr
from pydantic.fields import FieldInfo

from tokui.config.document import Document
from tokui.config.places import Path as Keys

KINDS = ("env", "file", "keyring")
BARE = 'a secret must not stand here; write {env = "NAME"}, {file = "path"} or {keyring = "service/user"}'


class Unreadable(Exception):
    """A reference that leads to nothing. Names the reference, never a value."""


def reference(value: object) -> tuple[str, str] | None:
    """Kind and name of a reference; None for anything else."""
    if isinstance(value, Mapping) and len(value) == 1:
        [(kind, name)] = value.items()
        if kind in KINDS and isinstance(name, str):
            return kind, name
    return None


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the name they have in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def leaves(annotation: object) -> Iterator[object]:
    """The plain types that an annotation is built of; `dict` and its values for a table."""
    inner = get_args(annotation)
    if get_origin(annotation) in (dict, Mapping):
        yield dict
        yield from leaves(inner[1])
    elif inner:
        for part in inner:
            yield from leaves(part)
    else:
        yield annotation


def may_hold_secret(annotation: object) -> bool:
    """Whether a value of this type is, or has in it, a secret."""
    return any(
        any(may_hold_secret(field.annotation) for field in fields(leaf).values())
        if _is_model(leaf)
        else leaf is SecretStr
        for leaf in leaves(annotation)
    )


class Resolver:
    """
    Puts secrets in the place of references, and whole paths in the place of relative ones.

    It follows the types of the settings: a reference counts only where a `SecretStr` is expected, a
    bare string there is a mistake (unless the environment set it, or the type allows `str` too), and
    a `Path` is taken from the folder of tokui.toml.

    Attributes:
        refused: Where a secret was wrong, and an empty one put in its place.
    """

    def __init__(self, document: Document, environment: Mapping[str, str]) -> None:
        self.refused: set[Keys] = set()
        self._document = document
        self._environment = environment

    def model(self, raw: Mapping[str, JsonValue], model: type[BaseModel], at: Keys) -> object:
        """The raw table, ready for the model."""
        known = fields(model)
        return {
            key: self.value(item, known[key].annotation, (*at, key)) if key in known else item
            for key, item in raw.items()
        }

    def value(self, raw: JsonValue, annotation: object, at: Keys) -> object:
        """One value of any shape."""
        types = list(leaves(annotation))
        if SecretStr in types and not isinstance(raw, list) and _is_secret(raw, types):
            return self._secret(raw, types, at)
        if isinstance(raw, list):
            return [self.value(item, annotation, (*at, n)) for n, item in enumerate(raw)]
        if isinstance(raw, dict):
            return self._table(raw, annotation, types, at)
        if Path in types and isinstance(raw, str):
            return self._document.path.parent / Path(raw).expanduser()
        return raw

    def _table(
        self, raw: dict[str, JsonValue], annotation: object, types: list[object], at: Keys
    ) -> object:
        if get_origin(annotation) in (dict, Mapping):
            inner = get_args(annotation)[1]
            return {key: self.value(item, inner, (*at, key)) for key, item in raw.items()}
        for model in filter(_is_model, types):
            return self.model(raw, model, at)
        return {key: self.value(item, annotation, (*at, key)) for key, item in raw.items()}

    def _secret(self, raw: JsonValue, types: list[object], at: Keys) -> object:
        found = reference(raw)
        if found is None:
            if self._document.from_environment(at):
                return SecretStr(str(raw))
            if str in types:
                return raw
            return self._refuse(at, BARE)
        try:
            return SecretStr(self._read(*found))
        except Unreadable as error:
            return self._refuse(at, str(error))

    def _refuse(self, at: Keys, what: str) -> SecretStr:
        self._document.problem(at, what, hide=True)
        self.refused.add(self._document.written(at))
        return SecretStr("")

    def _read(self, kind: str, name: str) -> str:
        match kind:
            case "env":
                return self._from_environment(name)
            case "file":
                return _from_file(self._document.path.parent / Path(name).expanduser())
            case _:
                return _from_keyring(name)

    def _from_environment(self, name: str) -> str:
        value = self._environment.get(name, "")
        if not value:
            raise Unreadable(f"the environment variable {name} is not set, or is empty")
        return value


def _is_secret(raw: JsonValue, types: list[object]) -> bool:
    """False for a table of secrets, or a model that holds one: what is inside decides."""
    if reference(raw) is not None or not isinstance(raw, dict):
        return True
    return dict not in types and not any(map(_is_model, types))


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _from_file(path: Path) -> str:
    try:
        value = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise Unreadable(f"the secret's file {path} cannot be read ({reason})") from None
    if not value:
        raise Unreadable(f"the secret's file {path} is empty")
    return value


def _from_keyring(name: str) -> str:
    service, _, user = name.rpartition("/")
    if not service or not user:
        raise Unreadable('a keyring reference reads {keyring = "service/user"}')
    try:
        import keyring
    except ImportError:
        raise Unreadable("keyring is not installed; install tokui[keyring]") from None
    try:
        value = keyring.get_password(service, user)
    except Exception as error:
        raise Unreadable(f"keyring {name} cannot be read ({type(error).__name__})") from None
    if not value:
        raise Unreadable(f"keyring {name} holds nothing")
    return value
