"""What can be sent: message objects as LINE's reference has them, each checked before any call."""

from tokui_line.content.message import LineContent
from tokui_line.content.preview import preview

__all__ = ["LineContent", "preview"]
