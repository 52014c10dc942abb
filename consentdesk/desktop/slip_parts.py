"""What of a slip a step is about: the rings on its picture, and the parts that are shown enlarged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QImage

from consentdesk.desktop.enlarged import Part
from consentdesk.desktop.slip_picture import fits
from consentdesk.desktop.words import tr
from consentdesk.services.doubts import Who
from consentdesk.services.look_at_slip import SeenSlip
from consentdesk.services.review_steps import Step
from consentdesk.services.slip_places import Field, Pair, Places, Spot

_DIFFERENT: Final = "different-marks"
_OF_REASON: Final[dict[str, Field]] = {
    "comment": "comment",
    "struck-out": "child",
    "unsigned": "signature",
    "signature-unsure": "signature",
}


def rings_of(seen: SeenSlip, image: QImage, step: Step | None) -> tuple[Spot, ...]:
    """What is ringed on the picture; nothing where it cannot be known for sure where it stands."""
    places = _places(seen, image)
    if places is None or step is None:
        return ()
    fields = tuple(_field(places, step, reason) for reason in step.reasons if reason in _OF_REASON)
    pairs = tuple(places.pairs[one].both for one in _questions(seen, step) if one in places.pairs)
    return pairs + fields


def parts_of(seen: SeenSlip, images: Sequence[QImage], step: Step | None) -> tuple[Part, ...]:
    """What is shown enlarged: the boxes from every copy, or the field, and who signed where that must be named."""
    found: list[Part] = []
    for number, image in enumerate(images):
        places = _places(seen, image)
        if places is None or step is None or seen.copies[number].keyed:
            continue
        title = "" if len(images) == 1 else (tr("Another copy") if number else tr("This copy"))
        pairs = [places.pairs[one] for one in _questions(seen, step) if one in places.pairs]
        found += [_pair_part(title, image, pair) for pair in pairs]
        reasons = [] if number else [reason for reason in step.reasons if reason in _OF_REASON]
        found += [Part(title, image, _field(places, step, reason)) for reason in reasons]
        if seen.must_name and not number:
            found.append(Part(tr("Name in capitals"), image, places.fields["printed-name"]))
            found.append(Part(tr("Relationship"), image, places.fields["relationship"]))
    return tuple(found)


def _questions(seen: SeenSlip, step: Step) -> list[tuple[Who, str]]:
    """Whose boxes are shown: the question that is asked, or each that another copy of the slip answers otherwise."""
    if step.kind == "question":
        return [(step.who, step.purposes[0])]
    if _DIFFERENT not in step.reasons:
        return []
    return [
        (one.who, one.purpose)
        for one in seen.answers
        if len({copy.said.get((one.who, one.purpose)) for copy in seen.copies}) > 1
    ]


def title_of(step: Step | None) -> str:
    """What the enlarged parts are called."""
    if step is None or step.kind == "question":
        return tr("The doubtful answer, enlarged") if step and step.reasons else tr("The answer, enlarged")
    return {
        "signature": tr("The signature, enlarged"),
        "note": tr("The handwriting, enlarged"),
        "name": tr("The child’s name, enlarged"),
        "look": tr("What to look at, enlarged"),
    }[step.kind]


def _places(seen: SeenSlip, image: QImage) -> Places | None:
    places = seen.places
    return places if places is not None and fits(image, places.shape) else None


def _field(places: Places, step: Step, reason: str) -> Spot:
    field = _OF_REASON[reason]
    if field == "signature" and step.who == "pupil" and "pupil-signature" in places.fields:
        field = "pupil-signature"
    return places.fields[field]


def _pair_part(title: str, image: QImage, pair: Pair) -> Part:
    wide = pair.both

    def at(spot: Spot) -> float:
        return ((spot.left + spot.right) / 2 - wide.left) / (wide.right - wide.left)

    return Part(title, image, wide, ((tr("Yes"), at(pair.yes)), (tr("No"), at(pair.no))))
