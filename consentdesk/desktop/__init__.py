"""The window, on the same services as the command line; imported when it is opened."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def open_window(folder: Path | None) -> int:
    """Open the window on the office in `folder`, or on the remembered one; returns the exit code.

    Qt is imported here and not above, so that the command line starts without it.
    """
    code: int = import_module("consentdesk.desktop.start").open_window(folder)
    return code
