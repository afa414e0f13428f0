"""A folder in which tokui has something to do: a shop, LINE and mail on loopback, a tokui.toml."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree

from tokui_contracts.line import LineSandbox, followers
from tokui_contracts.mail import MailSandbox
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

# Their LINE account, served likewise.
[connections.line]
use = "line"
provider = "2000000001"                  # whose user ids the online shop keeps, too
base_url = "{line}"
access_token = {{ file = "line.token" }}

[connections.line.http]
allow_private = true

# Their mail server.
[connections.mail]
use = "smtp"
host = "127.0.0.1"
port = {port}
ca_file = "mail-ca.pem"                  # it signed its certificate itself; leave this out otherwise
from_address = "shop@tokui-demo.example"
unsubscribe_address = "leave@tokui-demo.example"
signing_key = {{ file = "signing.key" }}

# Who writes: the law wants it in every marketing e-mail.
[sender.ja]
name = "得意商店"
postal_address = "〒104-0061 東京都中央区銀座1-1-1"
complaints = "03-5500-1001"

[sender.en]
name = "Tokui Shoten"
postal_address = "1-1-1 Ginza, Chuo-ku, Tokyo 104-0061"
complaints = "+81 3 5500 1001"

[outreach]
channels = ["line", "mail"]              # the first by which somebody may be reached

[outreach.quiet]                         # none, so that the demo can be watched at night
start = 00:00:00
end = 00:00:00

# The stores' tills: files as a member and a transaction export leave them in a folder.
[connections.tills]
use = "pos-csv"
folder = "exports"
layout = "smaregi"
member_issuer = "tokui-card"             # the card that the online shop knows, too
gift_cards = ["ギフトカード"]
consents = [{{ column = "メール受信許可", contact = "email", granted = ["許可"], denied = ["拒否"] }}]

# The members' points, counted from what they bought in both.
[plugins.points.programmes.club]
title = {{ ja = "得意クラブ", en = "Tokui Club" }}
issuer = "tokui-card"
earns_from = ["online", "tills"]

[[plugins.points.programmes.club.tiers]]
name = "regular"
title = {{ ja = "レギュラー", en = "Regular" }}

[[plugins.points.programmes.club.tiers]]
name = "silver"
title = {{ ja = "シルバー", en = "Silver" }}
spend = 50_000
rate = 2

[[plugins.points.programmes.club.tiers]]
name = "gold"
title = {{ ja = "ゴールド", en = "Gold" }}
spend = 150_000
rate = 3

# What they can use: a coupon, once each, and something for birthdays.
[plugins.points.offers.thanks]
title = {{ ja = "ご愛顧クーポン", en = "Thank-you coupon" }}
benefit = {{ off_minor = 1_000 }}
programme = "club"
tiers = ["silver", "gold"]
min_spend = 10_000

[plugins.points.offers.birthday]
title = {{ ja = "お誕生日特典", en = "Birthday treat" }}
benefit = {{ percent = 10 }}
programme = "club"
birthday = {{ within = "month" }}
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """
    What was set up.

    Attributes:
        config: The tokui.toml.
        exports: The folder with the tills' files.
        regular: Somebody who buys in both, follows on LINE and wants e-mail, as the online shop knows
            them.
        unasked: Somebody whom nobody ever asked whether they want e-mail.
    """

    town: Town
    sandbox: ShopifySandbox
    line: LineSandbox
    mail: MailSandbox
    config: Path
    exports: Path
    regular: Account
    unasked: Account


@contextmanager
def set_up(folder: Path, size: int = 1000, seed: int = 1) -> Iterator[Demo]:
    """
    Write the demo into a folder and serve its shop, LINE and mail until the `with` ends.

    Args:
        folder: Made where it is missing; a database in it is left alone.
        size: Persons in the town.
        seed: Another seed is another town.
    """
    town = Town(size, seed)
    exports = folder / "exports"
    write_export(town, exports, "smaregi")
    copytree(TEMPLATES, folder / "templates", dirs_exist_ok=True)
    with (
        ShopifySandbox(town, bucket=Bucket(40_000, 10_000)) as shop,
        LineSandbox(followers(town)) as line,
        MailSandbox() as mail,
    ):
        for name, secret in (("shopify", shop.token), ("line", line.token)):
            _keep_secret(folder / f"{name}.token", secret)
        if not (folder / "signing.key").exists():
            _keep_secret(folder / "signing.key", secrets.token_hex(32))
        copy(mail.authority, folder / "mail-ca.pem")
        config = folder / "tokui.toml"
        text = CONFIG.format(url=shop.url, line=line.url, port=mail.port)
        config.write_text(text, encoding="utf-8")
        persons = regular(town), unasked(town)
        yield Demo(town, shop, line, mail, config, exports, *persons)


def regular(town: Town) -> Account:
    """The busiest who buy online and in the stores, and can be recognised and written to."""
    online = _online(town)
    met = [n for n in online if town.presence(n).pos and town.presence(n).same != "neither"]
    reached = [n for n in met if _reached(_account(town, n))]
    return _account(town, max(reached or met or online, key=lambda n: _bought(town, n)))


def unasked(town: Town) -> Account:
    """The busiest of those who only buy online, and whom nobody asked about e-mail."""
    online = _online(town)
    alone = [n for n in online if not town.presence(n).pos]
    never = [n for n in alone if _is_unasked(_account(town, n))]
    return _account(town, max(never or alone or online, key=lambda n: _bought(town, n)))


def _online(town: Town) -> list[int]:
    """Who of the first thousand has an account of the online shop."""
    return [n for n in range(min(town.size, 1000)) if town.presence(n).shopify]


def _account(town: Town, number: int) -> Account:
    return town.accounts_of(number, "shopify")[0]


def _bought(town: Town, number: int) -> tuple[int, int]:
    online, store = (
        sum(_kept(town.purchases_of(account)) for account in town.accounts_of(number, system))
        for system in ("shopify", "pos")
    )
    return min(online, store), online + store


def _is_unasked(account: Account) -> bool:
    return account.mail == "NOT_SUBSCRIBED" and account.birthday is not None


def _reached(account: Account) -> bool:
    return account.mail == "SUBSCRIBED" and account.line_user_id is not None


def _keep_secret(path: Path, secret: str) -> None:
    path.touch(mode=0o600)
    path.write_text(f"{secret}\n")


def _kept(purchases: Iterator[Purchase]) -> int:
    return sum(not purchase.cancelled for purchase in purchases)
