"""tokui.toml → typed settings; secrets by reference; mistakes shown with line and column."""

from tokui.config.document import ConfigProblems, Problem
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
    "Config",
    "ConfigProblems",
    "Connection",
    "IdentitySettings",
    "LinkSettings",
    "Problem",
    "Shown",
    "StoreSettings",
    "SyncSettings",
    "find",
    "read",
    "schema",
    "show",
]
