"""``python -m perfdsl``."""

from perfdsl.tools.cli import main

main()
