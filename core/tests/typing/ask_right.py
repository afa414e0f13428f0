from tokui.hooks import Known, Vote, tokui_match
from tokui.hub import Answers, Hub


def votes(hub: Hub, left: Known, right: Known) -> Answers[Vote]:
    return hub.ask(tokui_match, left=left, right=right)
