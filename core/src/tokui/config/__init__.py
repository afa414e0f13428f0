"""tokui.toml → typed settings; secrets by reference; mistakes shown with line and column."""

from tokui.config.outreach import CapSettings, OutreachSettings, QuietSettings, SenderSettings
from tokui.config.problem import ConfigProblems, Problem
from tokui.config.reader import RESERVED, Config, find, read
from tokui.config.settings import (
    BlockedSettings,
    Connection,
    IdentitySettings,
    LinkSettings,
    StoreSettings,
    SyncSettings,
)
from tokui.config.show import Shown, schema, show

__all__ = [
    "RESERVED",
    "BlockedSettings",
    "CapSettings",
    "Config",
    "ConfigProblems",
    "Connection",
    "IdentitySettings",
    "LinkSettings",
    "OutreachSettings",
    "Problem",
    "QuietSettings",
    "SenderSettings",
    "Shown",
    "StoreSettings",
    "SyncSettings",
    "find",
    "read",
    "schema",
    "show",
]
