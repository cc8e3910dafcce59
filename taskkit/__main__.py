"""``python -m taskkit`` is ``taskkit``."""

from taskkit.cli import main

main()
