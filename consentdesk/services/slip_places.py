"""Where a slip's boxes and fields stand on the picture that is kept of it, so that a person is shown the right ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import msgspec

from consentdesk.model.layout import Box, BoxPair, FormLayout, SlipLayout
from consentdesk.scanning.zones import view_box
from consentdesk.services.doubts import Who
from consentdesk.services.office import Office
from consentdesk.store import forms

Field = Literal[
    "signature", "pupil-signature", "date", "printed-name", "relationship", "comment", "child", "code"
]

_ROUND_BOX: Final = 2.2
"""mm round a box, since a mark reaches over it and bent paper moves it."""
_ROUND_FIELD: Final = 1.5


class Spot(NamedTuple):
    """A part of the picture, as shares of its width and height: left, top, right, bottom, each from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: Spot) -> Spot:
        """The least that holds both."""
        return Spot(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class Pair(NamedTuple):
    """The two boxes of one question, each with what is round it."""

    yes: Spot
    no: Spot

    @property
    def both(self) -> Spot:
        """Both boxes in one part."""
        return self.yes.joined(self.no)


class Places(NamedTuple):
    """Everything on a slip that a person may have to look at. `shape` is the picture's width over its height.

    A picture of another shape was not made by this layout: then nothing here may be pointed out on it.
    """

    shape: float
    pairs: Mapping[tuple[Who, str], Pair]
    fields: Mapping[Field, Spot]


def places_of(layout: SlipLayout) -> Places:
    """The places on the picture that the reader keeps of a slip of this layout."""
    around = view_box(layout)

    def spot(box: Box, room: float) -> Spot:
        wide = box.grown(room)
        return Spot(
            _share(wide.x0 - around.x0, around.width),
            _share(wide.y0 - around.y0, around.height),
            _share(wide.x1 - around.x0, around.width),
            _share(wide.y1 - around.y0, around.height),
        )

    def pair(boxes: BoxPair) -> Pair:
        return Pair(spot(boxes.yes, _ROUND_BOX), spot(boxes.no, _ROUND_BOX))

    found: dict[tuple[Who, str], Pair] = {("guardian", one.purpose): pair(one) for one in layout.questions}
    found |= {("pupil", one.purpose): pair(one) for one in layout.pupil_questions}
    fields: dict[Field, Spot] = {
        "signature": spot(layout.signature, _ROUND_FIELD),
        "date": spot(layout.date, _ROUND_FIELD),
        "printed-name": spot(layout.printed_name, _ROUND_FIELD),
        "relationship": spot(layout.relationship, _ROUND_FIELD),
        "comment": spot(layout.comment, _ROUND_FIELD),
        "child": spot(layout.child, _ROUND_FIELD),
        "code": spot(layout.typed_code, 3 * _ROUND_FIELD),
    }
    if layout.pupil_signature is not None:
        fields["pupil-signature"] = spot(layout.pupil_signature, _ROUND_FIELD)
    return Places(around.width / around.height, found, fields)


def places_on(office: Office, version: str) -> Places:
    """The places on a slip of the form version with this tag. Raises `LookupError` where there is none."""
    kept = forms.version(office.db, version)
    if kept is None:
        raise LookupError(f"no form version {version}")
    return places_of(msgspec.json.decode(kept.layout, type=FormLayout).slip)


def all_places(office: Office) -> tuple[Places, ...]:
    """The places of every form version that was printed, for a slip of which nobody knows the version."""
    return tuple(
        places_of(msgspec.json.decode(version.layout, type=FormLayout).slip)
        for version in forms.versions(office.db)
    )


def _share(length: float, of: float) -> float:
    return min(max(length / of, 0.0), 1.0)
