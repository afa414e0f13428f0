"""Any mix of connectors composes: every subset of those in the house, on one town."""

import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import chain, combinations, islice
from pathlib import Path
from typing import NamedTuple

import pytest
from tokui_contracts.demo import regular
from tokui_contracts.line import TOKEN as LINE_TOKEN
from tokui_contracts.line import LineSandbox, followers
from tokui_contracts.pos import write_export
from tokui_contracts.shopify import TOKEN, Bucket, ShopifySandbox
from tokui_contracts.town import Town

TOWN = Town(60)
PLUGINS = Path(__file__).parents[1] / "plugins"


class System(NamedTuple):
    """
    What a connector is for, and how it is tried.

    Attributes:
        package: Where it comes from.
        serve: Opens the system, in a folder of its own, and gives the settings of a connection to it.
        known: Some of the people it knows, as (what they are looked for by, external id).
    """

    package: str
    serve: Callable[[Path], AbstractContextManager[str]]
    known: Callable[[], Iterable[tuple[str, str]]]


@contextmanager
def shopify(_: Path) -> Iterator[str]:
    with ShopifySandbox(TOWN, bucket=Bucket(40_000, 10_000)) as sandbox:
        yield (
            f'shop = "composed.myshopify.com"\nbase_url = "{sandbox.url}"\n'
            'access_token = { env = "SHOPIFY_TOKEN" }\nhttp = { allow_private = true }\n'
        )


@contextmanager
def pos_csv(folder: Path) -> Iterator[str]:
    write_export(TOWN, folder)
    yield f'folder = "{folder.as_posix()}"\n'


@contextmanager
def line(_: Path) -> Iterator[str]:
    with LineSandbox(followers(TOWN)) as sandbox:
        yield (
            f'provider = "2000000001"\nbase_url = "{sandbox.url}"\n'
            'access_token = { env = "LINE_TOKEN" }\nhttp = { allow_private = true }\n'
        )


@contextmanager
def smtp(_: Path) -> Iterator[str]:
    yield 'host = "127.0.0.1"\nport = 9\nfrom_address = "shop@shop.example"\n'


@contextmanager
def sendgrid(_: Path) -> Iterator[str]:
    yield 'api_key = { env = "SENDGRID_KEY" }\nfrom_address = "shop@shop.example"\n'


@contextmanager
def voucherify(_: Path) -> Iterator[str]:
    yield 'campaign = "camp_1"\napplication_id = "1"\nsecret_key = { env = "VOUCHERIFY_KEY" }\n'


def by_email(system: str) -> Iterable[tuple[str, str]]:
    return ((each.email, each.external_id) for each in TOWN.accounts(system) if each.email)


SYSTEMS = {
    "line": System("tokui_line", line, lambda: ((user, user) for user in followers(TOWN))),
    "pos-csv": System("tokui_pos", pos_csv, lambda: by_email("pos")),
    "sendgrid": System("tokui_email", sendgrid, lambda: ()),
    "shopify": System("tokui_shopify", shopify, lambda: by_email("shopify")),
    "smtp": System("tokui_email", smtp, lambda: ()),
    "voucherify": System("tokui_points", voucherify, lambda: ()),
}
"""One entry for each connector of the house."""

PACKAGES = sorted({system.package for system in SYSTEMS.values()} - {"tokui_points"})
SUBSETS = [
    tuple(name for name, system in SYSTEMS.items() if system.package in installed)
    for installed in chain.from_iterable(
        combinations(PACKAGES, n) for n in range(len(PACKAGES) + 1)
    )
] + [tuple(SYSTEMS)]
"""
The connectors of each subset of the distributions; another distribution doubles them.

So points, of which nobody is read, are tried with all others only.
"""

MAILERS = ("sendgrid", "smtp")
SOURCES = {*SYSTEMS} - {"sendgrid", "voucherify"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with ExitStack() as open_:
        yield {
            name: open_.enter_context(system.serve(tmp_path_factory.mktemp(name)))
            for name, system in SYSTEMS.items()
        }


def alone(shop, subset, served, monkeypatch):
    """Configure these connectors, and take the packages of all others away."""
    monkeypatch.setenv("SHOPIFY_TOKEN", TOKEN)
    monkeypatch.setenv("LINE_TOKEN", LINE_TOKEN)
    monkeypatch.setenv("SENDGRID_KEY", "SG.none")
    monkeypatch.setenv("VOUCHERIFY_KEY", "none")
    for package in (system.package for name, system in SYSTEMS.items() if name not in subset):
        for module in {package, *(each for each in sys.modules if each.startswith(f"{package}."))}:
            monkeypatch.setitem(sys.modules, module, None)
    shop.configure("".join(f'[connections.{n}]\nuse = "{n}"\n{served[n]}' for n in subset))


def test_every_connector_of_the_house_is_composed():
    parts = [tomllib.loads(each.read_text()) for each in PLUGINS.glob("*/pyproject.toml")]

    offered = [part["project"]["entry-points"].get("tokui.connectors", {}) for part in parts]
    assert sorted(name for names in offered for name in names) == sorted(SYSTEMS)
    assert len(SUBSETS) == 2 ** (len([names for names in offered if names]) - 1) + 1


@pytest.fixture(scope="module")
def kept():
    """The ledger of each subset that was synced."""
    return {}


@pytest.fixture
def synced(shop, subset, served, kept, monkeypatch):
    """Every connection of a subset was read, by whichever test came first."""
    alone(shop, subset, served, monkeypatch)
    ledger = shop.folder / "tokui.sqlite3"
    if subset in kept:
        ledger.write_bytes(kept[subset])
        return shop
    states = [each["state"] for each in shop.json("sync")["connections"]]
    assert states == ["done"] * len(SOURCES & {*subset})
    kept[subset] = ledger.read_bytes()
    return shop


def test_without_any_there_is_nothing_to_read(shop, served, monkeypatch):
    alone(shop, (), served, monkeypatch)

    assert "no connection to read" in shop.run("sync", code=3).stderr
    assert shop.json("status")["people"] == 0


@pytest.mark.parametrize("subset", [each for each in SUBSETS if each], ids="+".join)
def test_it_is_synced_and_its_people_are_found(synced, subset):
    for name in subset:
        for query, external_id in islice(SYSTEMS[name].known(), 2):
            assert whom(synced, query) >= whom(synced, external_id) != set()
    assert (synced.json("status")["people"] > 0) is bool({*subset} - {*MAILERS})


def whom(shop, query):
    return {each["profile_id"] for each in shop.json("customer", "find", query)["profiles"]}


@pytest.mark.parametrize("subset", [each for each in SUBSETS if {"shopify", "pos-csv"} <= {*each}])
def test_one_card_has_what_a_person_bought_in_both(synced, subset):
    card = synced.json("customer", "show", regular(TOWN).email, "--limit", "1000")["card"]

    assert {order["connection"] for order in card["orders"]} == {"shopify", "pos-csv"}


@pytest.mark.parametrize("subset", [each for each in SUBSETS if {"shopify", *MAILERS} <= {*each}])
def test_whoever_can_be_reached_can_be_written_to(synced, subset):
    person = f"shopify:{regular(TOWN).external_id}"
    words = ("--text", "お直しができました", "--subject", "お直し", "--purpose", "service")
    drafted = [synced.json("message", "draft", person, *words, "--on", on) for on in MAILERS]

    assert [each["state"] for each in drafted] == ["draft"] * 2
