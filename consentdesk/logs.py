"""The log of this computer: ids, counts and code places only, never a name or a value."""

from __future__ import annotations

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import PurePath

from consentdesk import paths
from consentdesk.errors import KnownError

log = logging.getLogger("consentdesk")


def start() -> None:
    """Write the log to the computer's data folder, at most 2 MB; keep silent where that cannot be written."""
    log.setLevel(logging.INFO)
    log.propagate = False
    if log.handlers:
        return
    try:
        folder = paths.make_private_folder(paths.computer_folder())
        handler: logging.Handler = RotatingFileHandler(
            folder / "consentdesk.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
        )
    except (OSError, KnownError) as error:
        # No log is no reason to keep the office from working.
        handler = logging.NullHandler()
        print(f"ConsentDesk keeps no log: {error}", file=sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)


def record_bug(error: BaseException) -> str:
    """Log an unexpected error by its type and code places alone: its message may hold a name.

    Returns the place where it was raised, such as `read_scans.py:88`, to be shown to the person.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames]
    log.error("bug %s at %s", type(error).__name__, " < ".join(reversed(places)) or "?")
    return places[-1] if places else "?"
