"""Logs on stderr: warnings, or with `--verbose` what happens."""

import logging
import sys


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what stderr is now: above a progress display, and into a test's capture."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        if self.stream is not None:
            super().emit(record)


def log_to_stderr(verbose: bool) -> None:
    """Let tokui and its plugins log; of other libraries warnings only."""
    handler = _Stderr()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("tokui").setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # a try is told as the wait before it
