"""An office in which families have answered, made before the window opens it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from consentdesk.services.confirm import confirm
from consentdesk.services.office import open_office
from consentdesk.services.progress import finish
from tests.desktop.driving import PASSWORD
from tests.services.made_up import CLASS_LIST, Clock, Desk, Meant

ODD_NAMES = """\
<b>Bo</b> & Co,Smith,4B,4,2018-04-04,104,,
ليلى,حداد,4B,4,2018-04-05,105,,
"""
EMOJI = "Zoë 🎈,D'Arcy,4B,4,2018-04-06,106,,\n"
"""Lines for a class list: markup, a name from right to left, and an emoji."""

IN_SCHOOL, WEBSITE, PRESS = "image.in-school", "image.website", "image.press"


def picture() -> bytes:
    """A small picture of a slip, encoded."""
    image = QImage(300, 200, QImage.Format.Format_Grayscale8)
    image.fill(220)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows file names alone
    return bytes(data.data())


def with_answers(made: Path, place: Path, answers: Mapping[str, Mapping[str, Meant] | Meant]) -> Path:
    """A copy in `place` of the office `made` where photo forms were printed, and those named have answered."""
    folder = Path(shutil.copytree(made, place / "office"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(place))
        _answer(folder, answers)
    return folder


def _answer(folder: Path, answers: Mapping[str, Mapping[str, Meant] | Meant]) -> None:
    with open_office(folder, "head", PASSWORD) as office:
        desk = Desk(office, Clock(), folder.parent)
        desk.import_text(CLASS_LIST + ODD_NAMES)
        desk.print("image-use")
        # No face of the paper has an emoji: whoever carries one joins once the forms are printed.
        desk.import_text(CLASS_LIST + ODD_NAMES + EMOJI)
        slips = {slip.pupil: slip for slip in desk.printed.values()}
        for name, meant in answers.items():
            slip = slips[desk.pupil(name).id]
            said = (
                meant
                if isinstance(meant, str)
                else {one.purpose: "no" for one in slip.questions} | dict(meant)
            )
            desk.take(desk.seen(slip, said, crop=picture()))
        finish(confirm(office))
