"""`tokui demo`, from any folder, leaving nothing behind."""

from pathlib import Path


def test_the_demo_syncs_both_and_shows_one_person_of_both(shop, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    running = shop.start("demo", "--size", "20", "--lang", "en")

    out, err = running.communicate(timeout=100)

    assert running.returncode == 0, err
    assert "online.customers" in err
    assert "tills.sales" in err
    card = out.split("$ tokui customer show")[1]
    assert "online" in card
    assert "tills" in card
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_kept_demo_can_be_looked_at(shop):
    shop.run("demo", "--size", "20", "--keep", "kept")

    assert shop.json("-c", "kept/tokui.toml", "status")["people"] > 0
    assert {path.name for path in Path("kept").iterdir()} >= {"tokui.toml", "exports"}


def test_a_kept_demo_runs_again_and_writes_to_nobody_twice(shop):
    shop.run("demo", "--size", "20", "--keep", "kept")

    again = shop.run("demo", "--size", "20", "--keep", "kept", "--lang", "en").stdout

    assert "Nothing is sent: the demo wrote to them when it ran in this folder before." in again
    assert "message send" not in again.replace("then tokui message send", "")
