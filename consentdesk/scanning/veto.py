"""A small trained model that may only object to marks which two measures took for a tick or a cross."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk import paths
from consentdesk.scanning.boxes import BoxView
from consentdesk.scanning.strokes import Mask

PORTRAIT: Final = 48
"""Side in px of what the model is shown: the box fills its middle half."""
TRUST: Final = 0.7
"""Below this the model objects."""
FULL_TRUST: Final = 0.9
"""Below this it objects to a mark that the measures are hardly sure of."""

PALEST: Final = 20
STEPS: Final = 160
"""Ink in a byte: the first for paper, so many steps more for ink as dark as the form’s own lines."""


def portrait(view: BoxView, printed: Mask) -> NDArray[np.uint8]:
    """A box as the model sees it: its outline in the middle, a quarter of the side round it, other print left out."""
    left, top, right, bottom = view.edges
    ink = view.ink.copy()
    ink[printed] = 0
    half, quarter = PORTRAIT / 2, PORTRAIT / 4
    across, down = half / max(8.0, right - left), half / max(8.0, bottom - top)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.35 / across)
    onto = np.array(
        [[across, 0, quarter - 0.5 - across * left], [0, down, quarter - 0.5 - down * top]], np.float64
    )
    seen = cv2.warpAffine(soft, onto, (PORTRAIT, PORTRAIT), flags=cv2.INTER_LINEAR)
    return np.asarray(np.clip(seen * STEPS + PALEST, 0, 255), np.uint8)


def trust(portraits: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """How far the model takes each portrait for a plain tick or cross and nothing else, 0 to 1."""
    if not portraits:
        return np.zeros(0, np.float32)
    shown = (np.stack(portraits)[:, None].astype(np.float32) - PALEST) / STEPS
    model = _model()
    model.setInput(shown)
    scores = model.forward()
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(1 - odds[:, 2] / odds.sum(axis=1), np.float32)


@cache
def _model() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(paths.shipped("resources", "veto.onnx")))
