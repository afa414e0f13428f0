"""Write the schemas: `python -m tokui_contracts.schemas [--release]`."""

import sys

from tokui_contracts.schemas import RELEASED, release, write


def main(arguments: list[str]) -> int:
    """Generate the files; with `--release` also take them as the released ones."""
    if unknown := [argument for argument in arguments if argument != "--release"]:
        sys.stderr.write(f"schemas: unknown argument {unknown[0]}. Use --release or nothing.\n")
        return 2
    written = write()
    if "--release" in arguments:
        release()
        written.append(RELEASED)
    sys.stdout.writelines(f"{path.name}\n" for path in written)
    return 0


sys.exit(main(sys.argv[1:]))
