"""
Syncs every Shopify stream from an independent server of Shopify's schema, and counts violations.

    python bench/peers/shopify_peer.py SCRIPT SCHEMA

SCRIPT is a server that takes `--schema`, `--port`, `--items`, and answers `GET /__log` with what it
received: a list of `{"status", "errors"}`. It is not part of this project. Exits with 1 when it saw
anything but throttling, or when a stream did not come to its end.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from peer_server import asked, serving

CONFIG = """
[connections.online]
use = "shopify"
shop = "peer.myshopify.com"
base_url = "http://127.0.0.1:{port}"
access_token = {{ env = "PEER_TOKEN" }}
http.allow_private = true
"""


def code(error: dict[str, object]) -> str:
    """What an error of the server's is about."""
    extensions = error.get("extensions")
    found = extensions.get("code") if isinstance(extensions, dict) else None
    return str(found or error.get("message"))


def main(script: str, schema: str) -> int:
    """Serve, sync, count."""
    with (
        serving([sys.executable, script, "--schema", schema, "--items", "5"]) as port,
        tempfile.TemporaryDirectory() as folder,
    ):
        Path(folder, "tokui.toml").write_text(CONFIG.format(port=port))
        tokui = str(Path(sys.executable).with_name("tokui"))
        environment = {**os.environ, "PEER_TOKEN": "any"}
        done = subprocess.run([tokui, "sync"], cwd=folder, env=environment, check=False)
        received = asked(port)
    errors = [error for each in received for error in list(each["errors"] or ())]
    print(f"{len(received)} requests, errors: {dict(Counter(map(code, errors)))}")
    return int(done.returncode != 0 or any(code(error) != "THROTTLED" for error in errors))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
