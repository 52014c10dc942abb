"""QR codes as rows of black rectangles, in modules from the upper left."""

from __future__ import annotations

from itertools import groupby

import segno

SIDE = 29
"""Modules along the side of a code: QR version 3, which holds 47 letters at error level Q."""
_MASK = 2


def bars(payload: str) -> list[tuple[int, int, int]]:
    """The black stretches of the code of `payload` as (column, row, length in modules).

    `payload` is in the QR alphanumeric set, at most 47 letters; a longer one raises
    segno's DataOverflowError.
    """
    # Any reader takes any mask, and what is said here looks random under each: trying all eight only costs time.
    code = segno.make_qr(payload, error="q", version=3, mode="alphanumeric", mask=_MASK, boost_error=False)
    black = []
    for row, modules in enumerate(code.matrix):
        column = 0
        for dark, group in groupby(modules):
            length = len(list(group))
            if dark:
                black.append((column, row, length))
            column += length
    return black
