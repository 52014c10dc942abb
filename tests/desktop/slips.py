"""Slips that have come back, each with a picture of its own shape, put into the office before the window opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PySide6.QtCore import QBuffer, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from consentdesk.model.reading import SlipReading
from consentdesk.printing.manifest import ManifestSlip
from consentdesk.services.office import Office, open_office
from consentdesk.services.slip_places import Spot, places_on
from tests.desktop.driving import PASSWORD
from tests.services.made_up import Clock, Desk

WIDE = 728


@contextmanager
def back_office(folder: Path) -> Iterator[Desk]:
    """The office without a window: print, and take what comes back."""
    with open_office(folder, None, PASSWORD) as office:
        yield Desk(office, Clock(), folder.parent)


def pictured(desk: Desk, slip: ManifestSlip, seen: SlipReading) -> SlipReading:
    """A reading with a picture on which every box and field is drawn where it stands."""
    return msgspec.structs.replace(seen, crop=picture_of(desk.office, slip.version))


def picture_of(office: Office, version: str) -> bytes:
    """A slip as evidence is kept: paper, boxes, and the lines to write on."""
    places = places_on(office, version)
    image = QImage(WIDE, round(WIDE / places.shape), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    for pair in places.pairs.values():
        for spot in pair:
            painter.drawRect(_on(image, spot))
    for spot in places.fields.values():
        painter.drawLine(_on(image, spot).bottomLeft(), _on(image, spot).bottomRight())
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 60)  # type: ignore[call-overload]  # as Qt declares it, for bytes
    return bytes(buffer.data().data())


def _on(image: QImage, spot: Spot) -> QRectF:
    wide, high = image.width(), image.height()
    return QRectF(
        spot.left * wide, spot.top * high, (spot.right - spot.left) * wide, (spot.bottom - spot.top) * high
    )
