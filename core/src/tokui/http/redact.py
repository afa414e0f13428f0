"""Keeps the HTTP library's own log records free of queries, passwords and headers."""

import logging

from tokui.http.address import shown_path


class _Redact(logging.Filter):
    """Shortens addresses to scheme, host and path; drops records that quote headers."""

    def filter(self, record: logging.LogRecord) -> bool:
        import httpx

        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{arg.scheme}://{arg.host}{shown_path(arg.path)}"
                if isinstance(arg, httpx.URL)
                else arg
                for arg in record.args
            )
        return "headers" not in str(record.msg)


_FILTER = _Redact()


def redact_logs() -> None:
    """Add the filter, once; it stands for the whole process."""
    for name in ("httpx", "httpcore.http11"):
        logging.getLogger(name).addFilter(_FILTER)
