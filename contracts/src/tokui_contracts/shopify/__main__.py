"""`python -m tokui_contracts.shopify`: a shop on loopback, until Ctrl-C."""

import argparse

from tokui_contracts.loopback import until_interrupted
from tokui_contracts.shopify.admin import VERSION
from tokui_contracts.shopify.sandbox import ShopifySandbox
from tokui_contracts.town import Town


def main() -> None:
    """Serve a town."""
    arguments = argparse.ArgumentParser(
        prog="python -m tokui_contracts.shopify", description=__doc__
    )
    arguments.add_argument("--town", type=int, default=1000, help="persons in the town")
    arguments.add_argument("--seed", type=int, default=1, help="another seed is another town")
    arguments.add_argument("--port", type=int, default=0, help="0 takes any free one")
    chosen = arguments.parse_args()
    with ShopifySandbox(Town(chosen.town, chosen.seed), port=chosen.port) as sandbox:
        path = f"{sandbox.url}/admin/api/{VERSION}/graphql.json"
        until_interrupted(f"{path}\nX-Shopify-Access-Token: {sandbox.token}")


if __name__ == "__main__":
    main()
