"""The log of this computer: ids, counts and code places only, never a name or a value."""

from __future__ import annotations

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from types import TracebackType

from consentdesk import paths

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
    except Exception as error:  # noqa: BLE001 - no log may ever stop the office from working
        handler = logging.NullHandler()
        print(f"ConsentDesk keeps no log: {type(error).__name__}", file=sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)


def record_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """Log an unexpected error by its type and code places alone, for its message may hold a name.

    Returns the place where it was raised, such as `read_scans.py:88`, to be shown to the person.
    """
    frames = traceback.extract_tb(trace)
    places = [f"{frame.filename.replace(chr(92), '/').rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    log.error("bug %s at %s", kind.__name__, " < ".join(reversed(places)) or "?")
    return places[-1] if places else "?"
