"""A workaround for PySide6 6.12 on Python 3.11, without which the window dies after some thousand calls."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

IMMORTAL_SINCE: Final = (3, 12)
CONSTANTS: Final = (None, True, False, NotImplemented, Ellipsis)
ENOUGH: Final = 1 << 40
"""References that a window would take weeks to give away at a million calls a second."""


def make_constants_last() -> None:
    """Give `None`, `True` and their like more references than PySide can give away; nothing from Python 3.12 on.

    PySide6 6.12 treats them as immortal, which they are from Python 3.12 on. On 3.11 each of its calls that
    returns `None` gives away a reference that it does not hold (measured: one a call), some do with `True` or
    `False`, and once none are left Python stops with “deallocating None”. Harmless when done twice.
    """
    if sys.version_info >= IMMORTAL_SINCE:
        return
    for constant in CONSTANTS:
        if sys.getrefcount(constant) < ENOUGH:
            # The count is the first field of every object of CPython (`PyObject.ob_refcnt`).
            ctypes.c_ssize_t.from_address(id(constant)).value += ENOUGH
