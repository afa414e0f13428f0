"""`python -m tokui.cli`, for where the script is not on the path."""

from tokui.cli import main

main()
