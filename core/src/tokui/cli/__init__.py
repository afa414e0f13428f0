"""The command line."""

import gc


def main() -> None:
    """Run `tokui`."""
    gc.set_threshold(50_000)  # imports make many objects, and hardly any garbage
    from tokui.cli.root import tokui

    tokui(prog_name="tokui")
