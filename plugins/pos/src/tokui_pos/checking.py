"""What `tokui doctor` says about a folder of exports."""

from collections.abc import Iterator, Sequence

from tokui.connector import Finding
from tokui.errors import Unavailable

from tokui_pos.files import Export, listed, matching, refused_archives
from tokui_pos.folder import Folder, Part
from tokui_pos.layout import CustomerLayout
from tokui_pos.rows import Unreadable
from tokui_pos.settings import PosCsvSettings


def findings(folder: Folder, settings: PosCsvSettings) -> Iterator[Finding]:
    """The folder, files that belong to no stream or are refused, and the newest file of each stream."""
    try:
        every = listed(settings.folder, settings.max_file_bytes)
    except Unavailable as error:
        yield Finding("problem", error.what, error.todo)
        return
    yield Finding("ok", f"the folder holds {len(every)} {'file' if len(every) == 1 else 'files'}")
    yield from _strays(folder, every)
    for stream, part in folder.parts.items():
        found = [export for export in matching(every, part.files) if not export.refused]
        if found:
            yield from _newest(folder, stream, part, found[-1])
        else:
            patterns = ", ".join(part.files)
            yield Finding(
                "warning",
                f"no file of {stream} is there ({patterns})",
                "check `files` in the layout",
            )


def _strays(folder: Folder, every: Sequence[Export]) -> Iterator[Finding]:
    claims = [export for part in folder.parts.values() for export in matching(every, part.files)]
    for export in every:
        count = claims.count(export)
        if export.refused and (count or export in refused_archives(every)):
            yield Finding(
                "warning", f"{export.name} {export.refused}", "export smaller files, or unpack it"
            )
        elif count > 1:
            yield Finding(
                "problem", f"{export.name} fits the patterns of two streams", "narrow `files`"
            )
        elif not count:
            yield Finding(
                "warning", f"{export.name} fits no pattern and is not read", "widen `files`"
            )


def _newest(folder: Folder, stream: str, part: Part, export: Export) -> Iterator[Finding]:
    try:
        with folder.reading(export, stream) as reading:
            count = sum(1 for _ in reading.items(final=True))
    except Unreadable as why:
        yield Finding("problem", f"{export.name} {why}", "correct the layout, or export it again")
        return
    yield Finding("ok", f"{export.name}: {count} {stream}, read as {reading.encoding}")
    missing = sorted(_named(part) - set(reading.names))
    unread = sorted(set(reading.names) - _named(part) - {""})
    if missing and unread:
        yield Finding(
            "warning",
            f"{export.name} has columns that are not read: {', '.join(unread)}; "
            f"the layout would also read: {', '.join(missing)}",
            "where two of them mean the same, give the layout the name that the file has",
        )
    if reading.strange:
        yield Finding(
            "warning",
            f"{export.name}: {reading.strange} cells hold characters that cannot be shown (〓)",
            "export in UTF-8 if the POS can",
        )


def _named(part: Part) -> set[str]:
    named: set[str] = set()
    for value in part.columns.model_dump().values():
        named.update((value,) if isinstance(value, str) else value or ())
    if isinstance(part, CustomerLayout):
        return named | {*part.id}
    tenders = {name for tender in part.tenders for name in (tender.column, tender.less) if name}
    return named | {*part.receipt} | {*part.states} | tenders
