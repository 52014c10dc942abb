"""Paper to write on: a white page with a pair of 5 mm boxes, as the forms print them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from consentdesk.scanning.rehearsal.pen import Canvas, Rect

DPI = 150
YES: Rect = (20.0, 15.0, 25.0, 20.0)
NO: Rect = (36.0, 15.0, 41.0, 20.0)


@pytest.fixture
def boxes() -> tuple[Rect, Rect]:
    return YES, NO


@pytest.fixture
def paper() -> Callable[..., Canvas]:
    """A fresh white page of 70 × 35 mm, in colour unless asked otherwise, with the boxes printed where asked."""

    def fresh(*, colour: bool = True, printed: bool = False) -> Canvas:
        size = (round(35 * DPI / 25.4), round(70 * DPI / 25.4))
        canvas = Canvas(np.full((*size, 3) if colour else size, 255, np.uint8), DPI)
        for box in (YES, NO) if printed else ():
            x0, y0, x1, y1 = (round(edge * canvas.scale) for edge in box)
            cv2.rectangle(canvas.page, (x0, y0), (x1, y1), (20, 20, 20), 2)
        return canvas

    return fresh
