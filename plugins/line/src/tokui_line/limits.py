"""
What LINE's API allows, as its reference says.

https://developers.line.biz/en/reference/messaging-api/ (rate limits, message objects) and
https://developers.line.biz/en/docs/messaging-api/text-character-count/, read in November 2026.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

CALLS_PER_S: Final = 2000
"""Of one endpoint and channel, where nothing else is said."""

RATES: Final[Mapping[str, int]] = {"multicast": 200}
"""Endpoint → calls per second."""

KEY_LIFETIME: Final = timedelta(hours=24)
"""For so long after the first try a retry key is known."""

MOST_ADDRESSES: Final = 500
"""Of one multicast."""

AT_ONCE: Final = 8
"""Calls side by side: LINE takes some 100 ms for one; far from its limits."""

MESSAGES: Final = 5
"""Message objects in one call."""

TEXT: Final = 5000
ALT_TEXT: Final = 1500
"""UTF-16 code units."""

URL: Final = 2000
"""Of an image."""

URI: Final = 1000
"""That an action opens."""

POSTBACK: Final = 300
"""`data`, and the texts of postback and message actions."""

CLIPBOARD: Final = 1000
LABEL: Final = 20
IMAGE_LABEL: Final = 12
"""Of an action, and of one on an image of an image carousel."""

TITLE: Final = 40
BUTTONS_TEXT: Final = 160
COLUMN_TEXT: Final = 120
SHORT_TEXT: Final = 60
"""Of buttons and columns that have a title or an image."""

CONFIRM_TEXT: Final = 240
BUTTONS: Final = 4
COLUMN_BUTTONS: Final = 3
COLUMNS: Final = 10
QUICK_REPLIES: Final = 13
BUBBLE_BYTES: Final = 30 * 1024
CAROUSEL_BYTES: Final = 50 * 1024
BUBBLES: Final = 12

NONCE: Final = 255
"""Characters of an account link's nonce."""
