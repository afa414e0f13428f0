"""The command line."""


def main() -> None:
    """Run `tokui`."""
    from tokui.cli.root import tokui

    tokui(prog_name="tokui")
