"""`python -m tokui_contracts.mail`: a mail server on loopback, until Ctrl-C; it shows what it took."""

import argparse
import sys
import time
from contextlib import suppress

from tokui_contracts.mail.sandbox import MailSandbox
from tokui_contracts.mail.taken import Received


def main() -> None:
    """Serve, and write down each message."""
    arguments = argparse.ArgumentParser(prog="python -m tokui_contracts.mail", description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="0 takes any free one")
    with MailSandbox(port=arguments.parse_args().port) as mail, suppress(KeyboardInterrupt):
        _say(f'host = "{mail.host}"\nport = {mail.port}\nca_file = "{mail.authority}"')
        shown = 0
        while True:
            for received in mail.received[shown:]:
                shown += 1
                _say(_letter(received))
            time.sleep(0.2)


def _letter(received: Received) -> str:
    names = ("From", "To", "Subject", "List-Unsubscribe")
    said = [(name, received.message[name]) for name in names]
    head = "\n".join(f"{name}: {value}" for name, value in said if value)
    return f"\n{head}\n\n{received.text}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
