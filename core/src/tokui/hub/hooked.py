"""Hooks plugins: which hooks each implements, and asking one of them."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, ParamSpec, TypeVar, get_type_hints

from pluggy import HookImpl, PluginManager, PluginValidationError
from pydantic import TypeAdapter, ValidationError

from tokui import hooks
from tokui.config.problem import meant
from tokui.errors import PluginError
from tokui.hub.offers import Failure, Offer, cause

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

PREFIX = "tokui_"
HOOKS = tuple(name for name in vars(hooks) if name.startswith(PREFIX))
REFUSED = ("hookwrapper", "wrapper", "tryfirst", "trylast", "specname", "optionalhook")


@dataclass(frozen=True, slots=True)
class Hooked:
    """
    A hooks plugin that is switched on.

    Attributes:
        name: As in `[plugins.NAME]`.
        offer: Where it comes from.
        implementations: By name of the hook.
    """

    name: str
    offer: Offer
    implementations: Mapping[str, HookImpl]


@dataclass(frozen=True, slots=True)
class Implementation(Generic[P, R_co]):
    """
    One plugin's implementation of one hook.

    Attributes:
        plugin: The plugin's name.
    """

    plugin: str
    _hook: Callable[P, R_co]
    _hooked: Hooked

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """
        Ask it.

        Raises:
            PluginError: It raised, or its answer is not what the hook promises.
        """
        given = {**dict(zip(_parameters(self._hook), args, strict=False)), **kwargs}
        impl = self._hooked.implementations[self._hook.__name__]
        try:
            answer = impl.function(*(given[name] for name in impl.argnames))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._failed(cause(error)) from None
        try:
            return _checked(self._hook, answer)
        except ValidationError:
            raise self._failed("its answer is not of the type that the hook promises") from None

    def failure(self, error: PluginError) -> Failure:
        """For a report."""
        return Failure(self.plugin, str(self._hooked.offer), error.what)

    def _failed(self, what: str) -> PluginError:
        return PluginError(f"{self._hook.__name__} failed: {what}", who=self.plugin)


def inspect_plugin(plugin: object) -> dict[str, HookImpl]:
    """
    The hooks that a module or object implements.

    Raises:
        PluginError: It names a hook that does not exist, or an argument that the hook has not, or
            asks for a place in the order of calls.
    """
    for name, function in inspect.getmembers(plugin, inspect.isroutine):
        if name.startswith(PREFIX):
            _check(name, function)
    manager = PluginManager("tokui")
    manager.add_hookspecs(hooks)
    try:
        manager.register(plugin, "plugin")
    except PluginValidationError as error:
        reason = str(error).strip().splitlines()[-1]
        raise PluginError(f"a hook's arguments are wrong: {reason}") from None
    callers = {name: getattr(manager.hook, name).get_hookimpls() for name in HOOKS}
    return {name: impls[0] for name, impls in callers.items() if impls}


def _check(name: str, function: object) -> None:
    if name not in HOOKS:
        raise PluginError(f"there is no hook `{name}`{meant(name, HOOKS)}")
    options = getattr(function, "tokui_impl", None)
    if options is None:
        raise PluginError(f"{name} is not marked with @hookimpl")
    if asked := [option for option in REFUSED if options.get(option)]:
        raise PluginError(f"{name} asks for {', '.join(asked)}; hooks are called in file order")


def _checked(hook: Callable[P, R], answer: object) -> R:
    checked: R = _adapter(hook).validate_python(answer, strict=True)
    return checked


@cache
def _parameters(hook: Callable[..., object]) -> tuple[str, ...]:
    return tuple(inspect.signature(hook).parameters)


@cache
def _adapter(hook: Callable[..., R]) -> TypeAdapter[R]:
    return TypeAdapter(get_type_hints(hook)["return"])
