"""The composition root: hands the command line the function that opens the window, and runs it."""

from __future__ import annotations

import sys

from consentdesk.cli.app import OpenWindow, run

OPEN_WINDOW: OpenWindow | None = None
"""What opens the window; None in a version without one."""


def main() -> None:
    """Run the program with the arguments that it was started with."""
    sys.exit(run(sys.argv[1:], OPEN_WINDOW))


if __name__ == "__main__":
    main()
