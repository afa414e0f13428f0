"""Check a published draw: `python verify_draw.py FILE [HASH …]`, with the hashes you were given."""

import json
import sys
from hashlib import sha256
from hmac import digest
from pathlib import Path

lines, seals = [*map(json.loads, Path(sys.argv[1]).read_bytes().strip().split(b"\n"))], [""]
for n, line in enumerate(lines):
    body = json.dumps(line["entry"], sort_keys=True, separators=(",", ":"))
    seals.append(sha256((seals[-1] + body).encode()).hexdigest())
    if seals[-1] != line["hash"] or line["entry"]["n"] != n:
        sys.exit(f"refused: line {n + 1} does not follow the one before it")
opened, *draws, closed = [line["entry"] for line in lines]
rules, seed = opened["rules"], bytes.fromhex(closed.get("seed", ""))
if sha256(seed).hexdigest() != opened["commitment"] or not {*sys.argv[2:]} <= {*seals}:
    sys.exit("refused: not the seed that was announced, or a hash you were given is not there")
left = {each["name"]: each["stock"] for each in rules["prizes"]}
for draw in draws:
    wheel = [each for each in rules["prizes"] if rules["instead"] or left[each["name"]] != 0]
    total = sum(each["tickets"] for each in wheel)
    tries = (digest(seed, f"{rules['name']}/{draw['n']}/{i}".encode(), "sha256") for i in range(9))
    at = next(v for t in tries if (v := int.from_bytes(t, "big")) < 2**256 - 2**256 % total) % total
    prize = next(each["name"] for each in wheel if (at := at - each["tickets"]) < 0)
    prize = rules["instead"] if left[prize] == 0 else prize
    left[prize] = left[prize] and left[prize] - 1
    if draw["prize"] != prize:
        sys.exit(f"refused: draw {draw['n']} is {prize} by the seed")
sys.stdout.write(f"{len(draws)} draws are as the rules and the seed say\n")
