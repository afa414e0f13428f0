"""The distributions as wheels: whole, and installed one by one where the others are not."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tokui_contracts.pos import write_export
from tokui_contracts.shopify import TOKEN, ShopifySandbox
from tokui_contracts.town import Town

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PARTS = ["core", "contracts", *sorted(f"plugins/{each.name}" for each in ROOT.glob("plugins/*"))]
PACKAGES = [each.name for part in PARTS for each in (ROOT / part / "src").iterdir()]
DATA = {
    "tokui": [
        "py.typed",
        "identity/normalise/data/LICENSE-japanese-personal-name-dataset.txt",
        "identity/normalise/data/family.tsv.gz",
        "identity/normalise/data/given.tsv.gz",
        "identity/normalise/data/sounds.tsv.gz",
        "store/migrations/env.py",
        "store/migrations/script.py.mako",
        "store/migrations/versions/0001_the_ledger.py",
    ],
    "tokui_contracts": [
        "py.typed",
        "schemas/customer.json",
        "schemas/released.json",
        "shopify/admin_2026-07.json.gz",
        "shopify/LICENSE-shopify.txt",
        "templates/birthday.toml",
    ],
    "tokui_email": ["py.typed"],
    "tokui_line": ["py.typed"],
    "tokui_shopify": ["py.typed", "queries/customers.graphql", "queries/orders.graphql"],
    "tokui_points": ["py.typed"],
    "tokui_pos": ["py.typed", "layouts/plain.toml", "layouts/smaregi.toml"],
}
TILL = """
[connections.till]
use = "pos-csv"
folder = "exports"
"""
ONLINE = """
[connections.online]
use = "shopify"
shop = "wheels.myshopify.com"
base_url = "{}"
access_token = {{ env = "SHOPIFY_TOKEN" }}
http = {{ allow_private = true }}
"""


def run(*words, cwd=ROOT):
    """What a program prints. Its pip knows no index, and its Python nothing of ours."""
    ours = ("PIP_", "PYTHON", "TOKUI_", "VIRTUAL_ENV")
    calm = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    calm |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "SHOPIFY_TOKEN": TOKEN}
    ran = subprocess.run(words, cwd=cwd, env=calm, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def pip(*words):
    return run(sys.executable, "-m", "pip", "--disable-pip-version-check", *words)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """The wheel of each package, built without any network."""
    folder = tmp_path_factory.mktemp("wheels")
    parts = [f"./{part}" for part in PARTS]
    pip("wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), *parts)
    return {each.name.split("-")[0]: each for each in folder.iterdir()}


def needs(wheel):
    """The distributions that a wheel says it needs, and those that these need."""
    asked, found = [*distributions(path=[str(wheel)])], {}
    while asked:
        for text in asked.pop().requires or []:
            wanted = Requirement(text)
            new = wanted.name.lower() not in found
            if new and (not wanted.marker or wanted.marker.evaluate({"extra": ""})):
                found[wanted.name.lower()] = distribution(wanted.name)
                asked.append(distribution(wanted.name))
    return found.values()


class Clean:
    """An environment with only what `tokui` says it needs, lent by the one that runs the tests."""

    def __init__(self, folder, wheels):
        venv.create(folder / "venv")
        self.folder, self.shelf = folder, wheels["tokui"].parent
        self.bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        site = self.ask("import sysconfig; print(sysconfig.get_path('purelib'))")
        lent = folder / "lent"
        lent.mkdir()
        for each in needs(wheels["tokui"]):
            for top in {file.parts[0] for file in each.files} - {"..", "__pycache__"}:
                if not (lent / top).exists():
                    (lent / top).symlink_to(each.locate_file(top))
        (Path(site) / "lent.pth").write_text(f"{lent}\n")

    def ask(self, script):
        return run(str(self.bin / "python"), "-c", script, cwd=self.folder).strip()

    def install(self, name):
        """Install a wheel, and those that it needs; whatever is not a wheel of ours must be there."""
        where = ["--python", str(self.bin / "python"), "install", "-q"]
        pip(*where, "--find-links", str(self.shelf), name)

    def tokui(self, *words):
        return json.loads(run(str(self.bin / "tokui"), *words, "--json", cwd=self.folder))

    def offered(self):
        return [each["name"] for each in self.tokui("plugins")["plugins"]]

    def importable(self):
        script = "import sys; from importlib.util import find_spec as f; "
        script += "print([name for name in sys.argv[1:] if f(name)])"
        found = run(str(self.bin / "python"), "-c", script, *PACKAGES, cwd=self.folder)
        return sorted(found.translate(str.maketrans("", "", "[]',")).split())


@pytest.fixture
def clean(tmp_path, wheels):
    return Clean(tmp_path, wheels)


def test_tills_are_synced_where_nothing_else_is_installed_and_a_shop_is_added_later(clean):
    town = Town(20)
    write_export(town, clean.folder / "exports")
    config = clean.folder / "tokui.toml"
    config.write_text(TILL)

    clean.install("tokui-pos")
    first = clean.tokui("sync")
    assert clean.importable() == ["tokui", "tokui_pos"]
    assert clean.offered() == ["pos-csv"]
    assert first["total"]["stored"] > 0
    assert found(clean, town, "pos")

    clean.install("tokui-shopify")
    with ShopifySandbox(town) as sandbox:
        config.write_text(TILL + ONLINE.format(sandbox.url))
        both = clean.tokui("sync")
    assert clean.importable() == ["tokui", "tokui_pos", "tokui_shopify"]
    assert clean.offered() == ["pos-csv", "shopify"]
    assert [each["state"] for each in both["connections"]] == ["done", "done"]
    assert found(clean, town, "shopify")


def found(clean, town, system):
    """Whoever has the first e-mail address that a system of the town knows."""
    email = next(each.email for each in town.accounts(system) if each.email)
    return clean.tokui("customer", "find", email)["profiles"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_wheel_holds_all_of_its_package_and_nothing_else(wheels, package):
    (source,) = (each.parent for each in ROOT.glob(f"*/**/src/{package}"))
    tree = [each for each in (source / package).rglob("*") if each.is_file()]

    held = set(zipfile.ZipFile(wheels[package]).namelist())

    packaged = {each for each in held if ".dist-info/" not in each}
    assert packaged == {
        each.relative_to(source).as_posix() for each in tree if each.suffix != ".pyc"
    }
    assert {f"{package}/{each}" for each in DATA[package]} <= packaged
    assert not [each for each in held if "test" in each.lower()]
