"""A disk that is really full."""

import ctypes
import os

import pytest
from tokui.errors import StoreFull
from tokui.model import Customer
from tokui.store import schema
from tokui.store.engine import Store
from tokui_contracts.scripted import page, script, told

pytestmark = pytest.mark.torture

PAGES = [
    page(*(Customer(external_id=f"{n}-{k}", note="x" * 800) for k in range(50))) for n in range(60)
]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, of 24 megabytes."""
    libc = ctypes.CDLL(None, use_errno=True)
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or libc.mount(b"tmpfs", bytes(disk), b"tmpfs", 0, b"size=24m"):
        pytest.skip("only root can mount a small disk")
    yield disk
    libc.umount2(bytes(disk), 2)


@pytest.mark.parametrize("free", range(200_000, 3_000_000, 350_000))
def test_a_full_disk_is_a_clean_error_and_the_run_goes_on_when_there_is_space(small_disk, free):
    store = Store.open(f"sqlite:///{small_disk}/tokui.sqlite3")
    schema.ready(store)
    ballast = small_disk / "ballast"
    space = os.statvfs(small_disk)
    ballast.write_bytes(b"x" * max(0, space.f_bavail * space.f_bsize - free))

    full = told(store, script("shop", *PAGES))
    store.close()
    ballast.unlink()
    store = Store.open(f"sqlite:///{small_disk}/tokui.sqlite3")
    with store.read() as tx:
        assert tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    resumed = told(store, script("shop", *PAGES))
    store.close()

    errors = list(full.connections[0].errors.values())
    assert errors
    assert all(isinstance(error, StoreFull) for error in errors), errors
    assert full.exit_code == 5
    assert resumed.exit_code == 0
    assert full.total.pages + resumed.total.pages == 60
    assert full.total.stored + resumed.total.stored == 3000
