"""The composition root: hands the command line the function that opens the window, and runs it."""

from __future__ import annotations

import sys

from consentdesk.desktop import open_window


def main() -> None:
    """Run the program with the arguments that it was started with."""
    if getattr(sys, "frozen", False):
        # A worker of the packaged program is the program itself, started again: here it turns into the worker.
        from multiprocessing import freeze_support  # noqa: PLC0415

        freeze_support()
    # Each worker process imports this file again, and has no use for a command line.
    from consentdesk.cli.app import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:], open_window))


if __name__ == "__main__":
    main()
