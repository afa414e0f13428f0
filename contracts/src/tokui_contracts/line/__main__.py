"""`python -m tokui_contracts.line`: a LINE account on loopback, until Ctrl-C."""

import argparse

from tokui_contracts.line.sandbox import LineSandbox
from tokui_contracts.line.town import followers
from tokui_contracts.loopback import until_interrupted
from tokui_contracts.town import Town


def main() -> None:
    """Serve the account that a town follows."""
    arguments = argparse.ArgumentParser(prog="python -m tokui_contracts.line", description=__doc__)
    arguments.add_argument("--town", type=int, default=1000, help="persons in the town")
    arguments.add_argument("--seed", type=int, default=1, help="another seed is another town")
    arguments.add_argument("--port", type=int, default=0, help="0 takes any free one")
    arguments.add_argument("--limit", type=int, help="messages of the month")
    chosen = arguments.parse_args()
    people = followers(Town(chosen.town, chosen.seed))
    with LineSandbox(people, port=chosen.port, limit=chosen.limit) as sandbox:
        until_interrupted(f"{sandbox.url}\nAuthorization: Bearer {sandbox.token}")


if __name__ == "__main__":
    main()
