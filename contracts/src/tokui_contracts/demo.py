"""A folder in which `tokui sync` has something to do: a shop on loopback, a till's export, a tokui.toml."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from tokui_contracts.pos import write_export
from tokui_contracts.shopify import Bucket, ShopifySandbox
from tokui_contracts.town import Account, Purchase, Town

TEMPLATES = Path(__file__).parent / "templates"
"""Of messages."""

CONFIG = """\
# A demo shop. Everything in it is made up; `tokui demo` writes this file anew.

[store]
url = "sqlite:///tokui.sqlite3"

# The online shop, served on this machine while the demo runs.
[connections.online]
use = "shopify"
shop = "tokui-demo.myshopify.com"
base_url = "{url}"                       # only for a sandbox; leave it out for a real shop
access_token = {{ file = "shopify.token" }}  # or {{ env = "SHOPIFY_TOKEN" }}
family_kana = "metafield:custom.family_name_kana"
given_kana = "metafield:custom.given_name_kana"
birthday = "metafield:facts.birth_date"

[connections.online.identifiers]
line_user_id = {{ from = "metafield:line.user_id", issuer = "line:2000000001" }}
member_no = {{ from = "metafield:custom.member_no", issuer = "tokui-card" }}

[connections.online.http]
allow_private = true                     # the sandbox is on loopback

# The stores' tills: files as a member and a transaction export leave them in a folder.
[connections.tills]
use = "pos-csv"
folder = "exports"
layout = "smaregi"
member_issuer = "tokui-card"             # the card that the online shop knows, too
gift_cards = ["ギフトカード"]
consents = [{{ column = "メール受信許可", contact = "email", granted = ["許可"], denied = ["拒否"] }}]
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """
    What was set up.

    Attributes:
        config: The tokui.toml.
        exports: The folder with the tills' files.
        regular: Somebody who buys in both, as the online shop knows them.
    """

    town: Town
    sandbox: ShopifySandbox
    config: Path
    exports: Path
    regular: Account


@contextmanager
def set_up(folder: Path, size: int = 1000, seed: int = 1) -> Iterator[Demo]:
    """
    Write the demo into a folder and serve its shop until the `with` ends.

    Args:
        folder: Made where it is missing; a database in it is left alone.
        size: Persons in the town.
        seed: Another seed is another town.
    """
    town = Town(size, seed)
    exports = folder / "exports"
    write_export(town, exports, "smaregi")
    with ShopifySandbox(town, bucket=Bucket(40_000, 10_000)) as sandbox:
        (folder / "shopify.token").write_text(sandbox.token + "\n")
        (folder / "shopify.token").chmod(0o600)
        config = folder / "tokui.toml"
        copytree(TEMPLATES, folder / "templates", dirs_exist_ok=True)
        config.write_text(CONFIG.format(url=sandbox.url), encoding="utf-8")
        yield Demo(town, sandbox, config, exports, regular(town))


def regular(town: Town) -> Account:
    """The busiest of the first thousand who buy online and in the stores and can be recognised."""

    def bought(number: int) -> tuple[int, int]:
        online, store = (
            sum(_kept(town.purchases_of(account)) for account in town.accounts_of(number, system))
            for system in ("shopify", "pos")
        )
        return min(online, store), online + store

    seen = [(town.presence(number), number) for number in range(min(town.size, 1000))]
    known = [n for at, n in seen if at.shopify and at.pos and at.same == "both"]
    online = [n for at, n in seen if at.shopify]
    return town.accounts_of(max(known or online, key=bought), "shopify")[0]


def _kept(purchases: Iterator[Purchase]) -> int:
    return sum(not purchase.cancelled for purchase in purchases)
