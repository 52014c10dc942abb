"""Pictures of failures side by side on one sheet, the wrong ones first, so that a person can see why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_CELL = (236, 146)
"""Width and height in px of a picture's place, its caption included."""
_CAPTION = 38
_WIDE = 38
_COLUMNS = 8
_MOST = 400
_RED, _BLACK = (0, 0, 200), (0, 0, 0)


class Picture(NamedTuple):
    """A picture, (H, W) or (H, W, 3) BGR, and in a line or more what it failed at; `wrong` ones come first, in red."""

    image: Pixels
    caption: str
    wrong: bool


def write_contact_sheet(pictures: Sequence[Picture], target: Path) -> None:
    """Write up to 400 pictures as one PNG; an empty sheet where there are none."""
    shown = sorted(pictures, key=lambda picture: (not picture.wrong, picture.caption))[:_MOST]
    cells = [_cell(picture) for picture in shown] or [_blank()]
    cells += [_blank() for _ in range(-len(cells) % _COLUMNS)]
    rows = [np.hstack(cells[at : at + _COLUMNS]) for at in range(0, len(cells), _COLUMNS)]
    _, data = cv2.imencode(".png", np.vstack(rows))
    target.write_bytes(data.tobytes())


def _blank() -> Pixels:
    return np.full((_CELL[1], _CELL[0], 3), 255, np.uint8)


def _cell(picture: Picture) -> Pixels:
    cell = _blank()
    image = picture.image if picture.image.ndim == 3 else cv2.cvtColor(picture.image, cv2.COLOR_GRAY2BGR)
    room = (_CELL[0] - 4, _CELL[1] - _CAPTION - 2)
    scale = min(1.0, room[0] / image.shape[1], room[1] / image.shape[0])
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cell[: image.shape[0], : image.shape[1]] = image
    colour = _RED if picture.wrong else _BLACK
    for line, text in enumerate(_folded(picture.caption)):
        at = (2, _CELL[1] - _CAPTION + 11 + 12 * line)
        cv2.putText(cell, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, colour, 1, cv2.LINE_AA)
    return cell


def _folded(caption: str) -> list[str]:
    """At most three lines of a caption."""
    return [part for line in caption.splitlines() for part in wrap(line, _WIDE)][:3]
