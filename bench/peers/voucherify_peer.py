"""
Makes every call that the Voucherify connector makes at an independent server of Voucherify's API document.

    python bench/peers/voucherify_peer.py PYTHON SCRIPT DOCUMENT

SCRIPT is a server that takes a document, `--port`, `--strict`, `--any-scheme` (the document names three
ways to sign in as all needed at once) and `--fixtures`, and answers `GET /__log` with what it received: a
list of `{"method", "template", "violations"}`. It runs under PYTHON and is not part of this project.
The server keeps no state, so what a transfer looks for after its call is told beforehand. Exits with 1
when the server saw a violation, missed a call, or a transfer did not end as it should.
"""

import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peer_server import asked, serving
from tokui.connector import Earn, Member, Posted, Redeem, Reverse, Transfer
from tokui_contracts.context import context
from tokui_points.voucherify.connector import Voucherify
from tokui_points.voucherify.moves import label
from tokui_points.voucherify.settings import VoucherifySettings

HANA = Member("club", "MmFAzfDe")
CAMPAIGN = "/v1/loyalties/{campaignId}"
CARD = f"{CAMPAIGN}/members/{{memberId}}"
CALLS = {
    f"GET {CAMPAIGN}",
    f"GET {CARD}",
    f"GET {CARD}/transactions",
    f"POST {CARD}/balance",
}
END = datetime(2026, 12, 31, 15, tzinfo=UTC)
TRANSFERS: tuple[tuple[Transfer, int], ...] = (
    (Earn("sale/1", HANA, 100, "注文 1001"), 100),
    (Earn("sale/2", HANA, 50, "", expires_at=END), 50),
    (Redeem("checkout 7", HANA, 30, "レジ"), -30),
    (Reverse("return/1", HANA, "sale/1", "返品", 40), -40),
    (Reverse("return/2", HANA, "checkout 7", ""), 30),
)
SEED = 1


def listed(transfer: Any, points: int, number: int) -> dict[str, Any]:
    """A transaction, as the server is to tell it."""
    nonce = f"{random.Random(SEED).getrandbits(64):016x}"
    return {
        "id": f"vtx_{number:018x}",
        "source_id": label(transfer, nonce),
        "reason": transfer.reason,
        "type": "POINTS_ADDITION" if points > 0 else "POINTS_REMOVAL",
        "created_at": "2026-03-17T16:14:16.524Z",
        "details": {"balance": {"points": points, "balance": 1_000 + number}},
    }


def fixtures() -> dict[str, Any]:
    """What is listed before each call and after it; then the history."""
    rows = [listed(transfer, points, n) for n, (transfer, points) in enumerate(TRANSFERS)]
    pages = [page for n in range(len(rows)) for page in (rows[:n], rows[: n + 1])]
    told = [{"json": {"object": "list", "data": each, "has_more": False}} for each in pages]
    return {f"GET {CARD}/transactions": [*told, told[-1]]}


def use(port: int) -> int:
    """Make every call; how many transfers ended as they should."""
    known = {"campaign": "camp_rRsfatlwN7unSeUIJDCYedal", "application_id": "a", "secret_key": "s"}
    settings = VoucherifySettings.model_validate({**known, "base_url": f"http://127.0.0.1:{port}"})
    lent, done = context("voucherify"), 0
    for number, (transfer, points) in enumerate(TRANSFERS):
        made = Voucherify("voucherify", settings, replace(lent, rng=random.Random(SEED)))
        done += made.post(transfer) == Posted(transfer.key, points, 1_000 + number)
    made.check()
    made.balance(HANA)
    made.history(HANA)
    lent.http.close()
    return done


def main(python: str, script: str, document: str) -> int:
    """Serve, call, count."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "fixtures.json")
        file.write_text(json.dumps(fixtures()))
        how = ["--strict", "--any-scheme", "--fixtures", str(file)]
        with serving([python, script, document, *how]) as port:
            done = use(port)
            log = asked(port)
    made = Counter(f"{each['method']} {each['template']}" for each in log)
    violations = [said for each in log for said in each["violations"] or ()]
    for call, times in sorted(made.items()):
        print(f"{times:4} {call}")
    print(f"{done} of {len(TRANSFERS)} transfers")
    print(f"{len(log)} calls, {len(violations)} violations", *violations, sep="\n")
    return int(bool(violations) or made.keys() != CALLS or done < len(TRANSFERS))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
