"""A folder in which tokui runs over a set: its connectors' metadata, tokui.toml, a store."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import PIPE, STDOUT
from tempfile import TemporaryDirectory
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
OFFERS = "[tokui.connectors]\nbench-records = shops:Records\nbench-febrl = febrl:Febrl\n"
CONNECTION = '[connections.{name}]\nuse = "{use}"\npath = "{path}"\nsource = "{name}"\n'
LIKELY = 'identity.duplicates = "likely"\n\n'


class Cost(NamedTuple):
    """What a command took with all its processes: CPU seconds, wall seconds, peak MiB; and its output."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    output: str


def measured(command: Sequence[str], cwd: Path, **more: str) -> Cost:
    """
    Run a command to its end.

    Raises:
        SystemExit: It failed.
    """
    path = os.pathsep.join([str(cwd / "site"), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **more}
    with TemporaryDirectory() as place:
        weighed = Path(place, "cost.json")
        weigh = [sys.executable, "-I", str(HERE / "weigh.py"), str(weighed), *command]
        ran = subprocess.run(
            weigh, cwd=cwd, env=environment, text=True, check=False, stdout=PIPE, stderr=STDOUT
        )
        if ran.returncode:
            raise SystemExit(f"{' '.join(command)} failed ({ran.returncode}):\n{ran.stdout}")
        return Cost(**json.loads(weighed.read_text()), output=ran.stdout)


def tokui(*arguments: str) -> list[str]:
    """The command line of this environment's tokui."""
    return [str(Path(sys.executable).with_name("tokui")), *arguments]


def furnish(folder: Path, records: Path, url: str = "sqlite:///tokui.sqlite3") -> None:
    """Write the metadata of the connectors, and tokui.toml with a connection for each source."""
    metadata = folder / "site" / "tokui_bench_identity-0.dist-info"
    metadata.mkdir(parents=True, exist_ok=True)
    about = "Metadata-Version: 2.1\nName: tokui-bench-identity\nVersion: 0\n"
    (metadata / "METADATA").write_text(about)
    (metadata / "entry_points.txt").write_text(OFFERS)
    fields, sources = _columns(records)
    use = "bench-febrl" if "soc_sec_id" in fields else "bench-records"
    path = records.resolve()
    tables = [CONNECTION.format(name=name, use=use, path=path) for name in sources]
    if use == "bench-febrl":  # no families, and a file that is known to be full of duplicates
        tables = ["[identity]\nalone = 8\n\n", *(f"{each}{LIKELY}" for each in tables)]
    (folder / "tokui.toml").write_text(f'[store]\nurl = "{url}"\n\n' + "".join(tables))


def _columns(records: Path) -> tuple[Sequence[str], Sequence[str]]:
    """The file's fields and its sources."""
    with records.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        sources = dict.fromkeys(row["source"] for row in rows)
        return rows.fieldnames or (), sorted(sources)
