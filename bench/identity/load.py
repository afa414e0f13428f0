"""
Syncs a set into a store, through the connectors' door.

    python bench/identity/load.py SET [STORE_URL] [--desk FOLDER]

The set's sources become connections of those names. FOLDER (bench/identity/.work/NAME) keeps the
tokui.toml, for `tokui -c FOLDER/tokui.toml …` with PYTHONPATH=FOLDER/site:bench/identity.
"""

import argparse
from pathlib import Path

from desk import HERE, furnish, measured, tokui

WORK = HERE / ".work"


def main() -> None:
    """Load a set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("set", type=Path)
    options.add_argument("url", nargs="?", default="sqlite:///tokui.sqlite3")
    options.add_argument("--desk", type=Path)
    given = options.parse_args()
    folder = given.desk or WORK / given.set.name
    folder.mkdir(parents=True, exist_ok=True)
    furnish(folder, given.set / "records.csv", given.url)
    measured(tokui("db", "upgrade"), folder)
    cost = measured(tokui("sync"), folder)
    print(cost.output)
    print(f"{folder}: {cost.cpu_s:.1f} s of CPU, {cost.wall_s:.1f} s, {cost.peak_mib:.0f} MiB")


if __name__ == "__main__":
    main()
