"""A process that holds a key leaves no picture of its memory on the disk when it crashes."""

from __future__ import annotations

import sys


def refuse_core_dumps() -> None:
    """Tell the system to write no core dump of this process; on Windows there is nothing to tell."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
