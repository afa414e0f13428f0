"""What makes a class a connector that can be trusted to answer."""

import inspect

from tokui.config import RESERVED
from tokui.connector import Capability, Connector, Custodian, Settings
from tokui.errors import PluginError


def check_connector(offered: object) -> type[Connector[Settings]]:
    """
    The class, if it keeps its promises.

    Raises:
        PluginError: It is no connector, lacks a method, its `Settings` or any capability, takes a
            setting's name that is the core's, or does not say what becomes of personal data.
    """
    if not (inspect.isclass(offered) and issubclass(offered, Connector)):
        raise PluginError("it is not a class derived from tokui's Connector")
    if inspect.isabstract(offered):
        missing = ", ".join(sorted(getattr(offered, "__abstractmethods__", ())))
        raise PluginError(f"{offered.__name__} lacks the methods {missing}")
    _check_settings(offered)
    if not (issubclass(offered, Custodian) or offered.holds_nothing):
        raise PluginError(f"{offered.__name__} must be a Custodian, or say why it holds_nothing")
    if not issubclass(offered, Capability):
        raise PluginError(f"{offered.__name__} mixes in no capability, such as Source")
    return offered


def _check_settings(offered: type[Connector[Settings]]) -> None:
    settings = getattr(offered, "Settings", None)
    if not (inspect.isclass(settings) and issubclass(settings, Settings)):
        raise PluginError(f"{offered.__name__} names no Settings class derived from tokui's")
    names = {field.alias or name for name, field in settings.model_fields.items()}
    if taken := sorted(names & RESERVED):
        raise PluginError(f"its settings use names of the core's: {', '.join(taken)}")
