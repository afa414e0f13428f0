from collections.abc import Sequence

from tokui.connector import Change
from tokui.hooks import View, tokui_changed
from tokui.hub import Hub


def tell(hub: Hub, changes: Sequence[Change], view: View) -> None:
    for follower in hub.implementations(tokui_changed):
        follower(changes=changes, views=view)
