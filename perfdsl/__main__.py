"""``python -m perfdsl``."""

from perfdsl.tools.start import main

main()
