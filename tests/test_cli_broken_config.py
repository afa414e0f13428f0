from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "core" / "tests" / "fixtures"
BROKEN = sorted((FIXTURES / "config").glob("*.toml"))


@pytest.fixture
def till(tmp_path, monkeypatch):
    site = tmp_path / "till"
    metadata = site / "till_plugin-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: till-plugin\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[tokui.connectors]\ntill = till_plugin:Till\n[tokui.hooks]\nvips = till_plugin:Vips\n"
    )
    monkeypatch.syspath_prepend(FIXTURES / "plugins")
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("TILL_TOKEN", "shpat_canary_0451")


@pytest.mark.usefixtures("till")
@pytest.mark.parametrize("command", ["sync", "config validate"])
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_exits_3_with_the_line_at_fault(shop, path, command):
    place = path.read_text(encoding="utf-8").split()[2]

    result = shop.run("-c", str(path), *command.split(), code=3)

    assert f"{path.name}:{place}: " in result.output
    assert "canary" not in result.output
    assert not list(path.parent.glob("*.sqlite3"))
