"""What is public of a draw: rules, commitment, draws, and after the end the seed. Nothing personal."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from pydantic import JsonValue
from tokui.store.chains import Sealed

from tokui_points.gacha.terms import Draw

VERIFIER = Path(__file__).parent / "verify_draw.py"


def rules(name: str, draw: Draw) -> dict[str, JsonValue]:
    """
    All that decides a draw, as it is published when it is opened, and stands from then on.

    What decides nothing is left out, and so is a setting that a later version may add: an upgrade
    changes no rules.
    """
    return {
        "name": name,
        "title": draw.title.said(name).model_dump(mode="json"),
        "since": draw.since.isoformat(),
        "until": draw.until.isoformat(),
        "timezone": draw.timezone,
        "cost": draw.cost.model_dump(mode="json", exclude_defaults=True),
        "per_person": draw.per_person,
        "instead": draw.instead,
        "prizes": [
            {
                "name": prize.name,
                "title": prize.title.said(prize.name).model_dump(mode="json"),
                "stock": prize.stock,
                "tickets": draw.share(prize),
            }
            for prize in draw.prizes
        ],
    }


def line(sealed: Sealed) -> str:
    """One line of the file."""
    shown = {"entry": dict(sealed.body), "hash": sealed.hash}
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)


def write(lines: Iterable[Sealed], folder: Path, name: str) -> Path:
    """Write `NAME.jsonl`, whole or not at all, and the verifier beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    file, fresh = folder / f"{name}.jsonl", folder / f".{name}.jsonl"
    with fresh.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line(each)}\n" for each in lines)
    fresh.replace(file)
    shutil.copyfile(VERIFIER, folder / VERIFIER.name)
    return file
