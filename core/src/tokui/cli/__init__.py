"""The command line."""

import gc


def main() -> None:
    """Run `tokui`."""
    gc.set_threshold(200_000)  # imports make many objects, and hardly any garbage
    from tokui.cli.root import tokui

    try:
        tokui(prog_name="tokui")
    finally:
        gc.freeze()  # what is left goes with the process: nobody need look through it for garbage
