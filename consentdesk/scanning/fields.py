"""Signature, date, names, comment: whether anything was written there, from the ink that was added."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from consentdesk.model.reading import Presence
from consentdesk.scanning.handwriting import is_writing, turns
from consentdesk.scanning.patches import Patches
from consentdesk.scanning.zones import AROUND, BOX, FIELD, FREE

SIGNATURE, DATE, PRINTED_NAME, RELATIONSHIP, COMMENT, PUPIL_SIGNATURE = range(6)
"""The fields by their numbers in `zones.fields_of`."""

_LEAST: Final = {SIGNATURE: 8.0, PUPIL_SIGNATURE: 8.0}
_LEAST_ELSEWHERE: Final = 5.0
"""Length in mm of pen stroke that makes it sure that something was written."""
_ASTRAY: Final = 0.3
"""With more faint ink beside boxes and fields than this share of what is in its fields, a slip shows unrest."""
_FAINT: Final = 0.5
"""Writing no darker than this share of the form's print is a faint hand's."""


def is_pen(patches: Patches) -> NDArray[np.bool_]:
    """Which patches may be strokes of a pen: no rims of the form's print, no stains, no dust.

    A stroke is longer than wide; what is as broad as a felt tip's stroke and paler than one is a stain's rim.
    """
    pale_and_broad = (patches.width > 0.8) & (patches.dark < np.minimum(0.42, 0.2 + 0.2 * patches.width))
    beyond_print = patches.clear >= np.maximum(4, 0.15 * patches.sums[:, 0])
    return np.asarray(
        beyond_print & ~pale_and_broad & (patches.reach >= 1.2) & (patches.length > 1.5 * patches.width),
        np.bool_,
    )


def written(pens: Patches, field: int) -> Presence:
    """Whether a field holds handwriting; `pens` are the slip's patches that may be a pen's.

    Ink that one straight line explains (a scratch, a line that strayed in) is never sure, nor is a dot or a hair. What
    hangs together with writing in another field belongs there.
    """
    inside = pens.where[:, FIELD + field]
    if not (inside >= 6).any():
        return Presence.ABSENT
    around = pens.where[:, AROUND + field]
    others = pens.within(FIELD, BOX) - inside - around
    here = pens.only((inside >= 6) & (inside + around > others) & (inside > 0.2 * pens.sums[:, 0]))
    if not len(here):
        return Presence.ABSENT
    together = here.together()
    signature = field in _LEAST
    if not signature and len(here) == 1 and float(together.length[0]) < 4.0 and float(turns(here)[0]) < 1.6:
        return Presence.ABSENT
    if float(together.reach[0]) < 2.0:
        return Presence.ABSENT
    least = _LEAST.get(field, _LEAST_ELSEWHERE)
    wide = together.box[0, 2] - together.box[0, 0]
    if wide >= 2.0 and is_writing(together, here, least):
        return Presence.PRESENT
    return Presence.UNSURE


def is_faint_hand(pens: Patches) -> bool:
    """Whether a slip, looked at for faint ink, was signed and filled in by one faint pen or pencil.

    A stain or what shines through from the back may look like a faint signature, but not like a name beside it too; nor
    is it found in the fields alone, as writing is.
    """
    faint = pens.only(pens.dark < _FAINT)
    if float(faint.within(FREE, FIELD).sum()) > _ASTRAY * float(faint.within(FIELD, AROUND).sum()):
        return False
    if any(written(pens, field) is not Presence.PRESENT for field in (SIGNATURE, PRINTED_NAME)):
        return False
    signature, name = (_darkness(pens, field) for field in (SIGNATURE, PRINTED_NAME))
    return name < _FAINT and signature > 0.6 * name


def _darkness(pens: Patches, field: int) -> float:
    """How dark what is written in a field is, 1 as dark as the form's print."""
    return float(pens.only(pens.within(FIELD + field, FIELD + field + 1) > 0).together().dark[0])
