"""Export files of the town's tills, in the layouts of `tokui-pos`."""

from tokui_contracts.pos.columns import Layout
from tokui_contracts.pos.export import ENCODINGS, FILES, write_export

__all__ = ["ENCODINGS", "FILES", "Layout", "write_export"]
