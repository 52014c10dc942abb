"""The head of a trip: the one sentence that matters, and what the pictures are for (rules P3, A6)."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.signs import sign_of
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.flow import Flow
from consentdesk.desktop.pieces.text import restyle, text
from consentdesk.desktop.refill import refill
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.services.trip import FULL_NAME, TripCheck


class TripBanner(QFrame):
    """The one sentence that matters, and why."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", "no")
        self.icon = Picture("camera-off", colour="no", steps=3)
        self.words = text("", "heading")
        self.why = text("")
        words = QVBoxLayout()
        set_spacing(words, gap=0.25)
        words.addWidget(self.words)
        words.addWidget(self.why)
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1.25, 2, 1.25), gap=1.5)
        layout.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(words, 1)

    def show_check(self, check: TripCheck) -> None:
        """Say it of this class."""
        stopped, everyone = len(check.of_group("none")), len(check.pupils)
        if not any(one.form_in for one in check.pupils):
            self._say(
                tr("Do not photograph anyone in {name}").format(name=isolated(check.school_class)),
                tr("Nobody in {name} has returned a form that counts: treat all {pupils} as no.").format(
                    name=isolated(check.school_class), pupils=everyone
                ),
            )
        elif stopped:
            pupils = counted(everyone, tr("pupil"), tr("pupils"))
            self._say(
                tr("Do not photograph {stopped} of {pupils}").format(stopped=stopped, pupils=pupils),
                _reasons(check),
            )
        else:
            some = len(check.of_group("some"))
            self._say(
                tr("Nobody is ruled out altogether"),
                tr("{some} of {pupils} only for some of it: see below.").format(some=some, pupils=everyone)
                if some
                else tr("All {pupils} may be photographed for what was chosen.").format(pupils=everyone),
                calm=True,
            )

    def _say(self, words: str, why: str, *, calm: bool = False) -> None:
        tone = "limited" if calm else "no"
        self.words.setText(words)
        self.why.setText(why)
        self.icon.show_icon("camera" if calm else "camera-off", colour=tone)
        restyle(self, tone=tone)


def _reasons(check: TripCheck) -> str:
    """How many for which reason, in the words of their signs: a restriction is among the noes (rule A6)."""
    counts = Counter(sign_of(one.word).word for one in check.of_group("none"))
    return " · ".join(f"{count} {word[:1].lower()}{word[1:]}" for word, count in counts.items())


class PurposeChoice(QFrame):
    """What are the pictures for? `changed` carries the purposes chosen, at least one."""

    changed = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.boxes: dict[str, QCheckBox] = {}
        self.flow = Flow()
        self.all = Button(tr("All of them"), self._choose_all, kind="link")
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2, 1.5, 2, 1.5), gap=1)
        layout.addLayout(
            row(text(tr("What are the pictures for?"), "label", wraps=False), self.all, None, gap=2)
        )
        layout.addLayout(self.flow)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The purposes that are ticked."""
        return tuple(purpose for purpose, box in self.boxes.items() if box.isChecked())

    def offer(self, check: TripCheck) -> None:
        """Offer what the school asks about, with what was looked at ticked."""
        looked_at = {one.purpose for one in check.purposes}
        if tuple(self.boxes) != tuple(one.purpose for one in check.offered):
            self.boxes = {one.purpose: QCheckBox(one.name.replace("&", "&&")) for one in check.offered}
            for one, box in zip(check.offered, self.boxes.values(), strict=True):
                box.setAccessibleName(one.name)
                box.clicked.connect(lambda _on=False: self._ticked())
            refill(self.flow, self.boxes.values())
        for purpose, box in self.boxes.items():
            box.setChecked(purpose in looked_at)
        self._hold_the_last()

    def _choose_all(self) -> None:
        for purpose, box in self.boxes.items():
            box.setChecked(purpose != FULL_NAME)
        self._ticked()

    def _ticked(self) -> None:
        self._hold_the_last()
        self.changed.emit(self.chosen)

    def _hold_the_last(self) -> None:
        chosen = self.chosen
        for purpose, box in self.boxes.items():
            box.setEnabled(chosen != (purpose,))
