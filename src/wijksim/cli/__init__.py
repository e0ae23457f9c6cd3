"""The command line: ``wijksim``.

Modules of this room import nothing heavy at the top: what a command needs, it imports when it runs, so that help
comes at once.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the tool; the entry point of ``wijksim``."""
    try:
        from wijksim.cli.app import start

        start()
    except KeyboardInterrupt:  # before there is a command that could say something about it
        sys.stderr.write("stopped\n")
        sys.exit(130)
