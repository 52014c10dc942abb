"""Which codes of a page belong together: the two codes of each slip, copies and mixtures kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from consentdesk.model import slip as slip_codes
from consentdesk.model.layout import SlipLayout
from consentdesk.model.slip import Part, SlipCode
from consentdesk.scanning.align import place_by_codes, transform
from consentdesk.scanning.codes import FoundCode
from consentdesk.scanning.templates import Template


class SeenCode(NamedTuple):
    """A code of this program's kind on the page: which code of which slip, and its corners."""

    code: SlipCode
    found: FoundCode


def sort_out(found: Sequence[FoundCode]) -> tuple[list[SeenCode], list[FoundCode], int]:
    """Whole codes of ours, codes that claim to be ours but are not whole, and how many are a stranger's."""
    ours, spoiled, strangers = [], [], 0
    for code in found:
        parsed = slip_codes.parse(code.text)
        if parsed is not None:
            ours.append(SeenCode(parsed, code))
        elif slip_codes.is_ours(code.text):
            spoiled.append(code)
        else:
            strangers += 1
    return ours, spoiled, strangers


def group_by_slip(seen: Sequence[SeenCode], templates: Mapping[str, Template]) -> list[list[SeenCode]]:
    """The codes of each slip together: a first and a second code that lie as the layout says.

    Copies of one slip on a page are kept apart, and so are codes of two slips that happen to lie near.
    """
    firsts = [code for code in seen if code.code.part is Part.FIRST]
    seconds = [code for code in seen if code.code.part is Part.SECOND]
    groups = []
    for first in firsts:
        group = [first]
        template = templates.get(first.code.tag)
        fitting = [
            second
            for second in seconds
            if (second.code.slip, second.code.tag) == (first.code.slip, first.code.tag)
            and (template is None or _lie_together(template.layout, first, second))
        ]
        if fitting:
            best = fitting[0] if len(fitting) == 1 else min(fitting, key=partial(_apart, first))
            group.append(best)
            # By identity: the codes of two copies say the same.
            seconds = [second for second in seconds if second is not best]
        groups.append(group)
    return groups + [[second] for second in seconds]


def _apart(one: SeenCode, other: SeenCode) -> float:
    return float(np.linalg.norm(one.found.corners.mean(axis=0) - other.found.corners.mean(axis=0)))


def _lie_together(layout: SlipLayout, first: SeenCode, second: SeenCode) -> bool:
    """Whether the second code lies where the first one expects it, within a fifth of the distance between them."""
    matrix = place_by_codes(layout, [(0, first.found.corners)])
    if matrix is None:
        return False
    expected = transform(matrix, np.array([layout.codes[1].centre]))[0]
    off = float(np.linalg.norm(expected - second.found.corners.mean(axis=0)))
    return off < 0.2 * float(np.linalg.norm(expected - first.found.corners.mean(axis=0)))
