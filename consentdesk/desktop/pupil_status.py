"""What holds for a pupil today, form by form: each purpose with its sign, why, and what to do next (rules C2, C8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from consentdesk.desktop.look.signs import SignLabel, sign_of
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.flow import Flow
from consentdesk.desktop.pieces.page import PageName, Place
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr
from consentdesk.model.consent import StatusWord
from consentdesk.services.pupil_record import FormRecord, PurposeRecord

_ACROSS: Final = 74
"""From so many steps on the reason stands beside its sign, else below it."""


_NAME, _SIGN = 19, 20


class NextStep(NamedTuple):
    """What to do so that a status can change, and where."""

    words: str
    place: Place


_ASK: Final = frozenset(
    {
        StatusWord.NO_REPLY,
        StatusWord.NOT_ASKED,
        StatusWord.UNSIGNED,
        StatusWord.EXPIRED,
    }
)
_LOOK: Final = frozenset({StatusWord.AWAITING_REVIEW, StatusWord.CONFLICTING})


def next_steps(purposes: Iterable[PurposeRecord], pupil: str) -> tuple[NextStep, ...]:
    """What to do next about these purposes of one pupil, the quickest first."""
    words = {one.status for one in purposes}
    steps = []
    if words & _LOOK:
        steps.append(NextStep(tr("Look at the slip"), Place("scan", "review")))
    if StatusWord.UNCONFIRMED in words:
        steps.append(NextStep(tr("Confirm the batch"), Place("scan", "confirm")))
    if words & _ASK:
        steps.append(NextStep(tr("Print the form for this pupil"), Place("print", pupil)))
    if StatusWord.WITHDRAWN in words:
        steps.append(NextStep(tr("Print a new form, if they want to give it again"), Place("print", pupil)))
    return tuple(steps)


class FormCard(QFrame):
    """One form: its title, the purposes with signs and reasons, and the ways on that `places` has."""

    def __init__(
        self, form: FormRecord, pupil: str, places: frozenset[PageName], go: Callable[[Place], object]
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2.5, 2, 2.5, 2), gap=1)
        layout.addWidget(text(form.title or tr("Asked by a form that is no longer used"), "label"))
        reasons = {one.reason for one in form.purposes}
        conditions = any(one.condition for one in form.purposes)
        # What is the same for all of them is said once.
        same = reasons.pop() if len(reasons) == 1 and len(form.purposes) > 1 and not conditions else None
        layout.addWidget(_Lines(form.purposes, with_reasons=same is None))
        if same:
            layout.addWidget(text(same, "small"))
        steps = [one for one in next_steps(form.purposes, pupil) if one.place.page in places]
        self.steps = [Button(one.words, partial(go, one.place), kind="link") for one in steps]
        if self.steps:
            layout.addLayout(Flow(*self.steps, gap=2))


class _Line(NamedTuple):
    name: QLabel
    sign: SignLabel
    more: QLabel


class _Lines(QWidget):
    """The purposes of one form; the reason stands beside the sign where there is room for it."""

    def __init__(self, purposes: Iterable[PurposeRecord], *, with_reasons: bool) -> None:
        super().__init__()
        self._lines = [_line(one, with_reasons=with_reasons) for one in purposes]
        self._across: bool | None = None
        self._grid = QGridLayout(self)
        set_spacing(self._grid, gap=1)
        self._grid.setHorizontalSpacing(step(2))
        self._place(across=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside or below."""
        super().resizeEvent(event)
        self._place(across=self.width() >= step(_ACROSS))

    def _place(self, *, across: bool) -> None:
        if across is self._across:
            return
        self._across = across
        while self._grid.takeAt(0) is not None:
            pass
        top, left = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft
        self._grid.setVerticalSpacing(step(1 if across else 0.25))
        for at, line in enumerate(self._lines):
            first = at if across else 2 * at
            self._grid.addWidget(line.name, first, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(line.sign, first, 1, left | Qt.AlignmentFlag.AlignVCenter)
            line.more.setContentsMargins(0, 0, 0, 0 if across else step(1))
            if not line.more.text():
                line.more.hide()
            elif across:
                self._grid.addWidget(line.more, first, 2, Qt.AlignmentFlag.AlignVCenter)
            else:
                self._grid.addWidget(line.more, first + 1, 0, 1, 2, top)
        self._grid.setColumnMinimumWidth(0, step(_NAME) if across else 0)
        self._grid.setColumnMinimumWidth(1, step(_SIGN) if across else 0)
        self._grid.setColumnStretch(0, 0 if across else 1)
        self._grid.setColumnStretch(1, 0)
        self._grid.setColumnStretch(2, 5 if across else 0)


def _line(one: PurposeRecord, *, with_reasons: bool) -> _Line:
    reason = (one.reason or "") if with_reasons else ""
    parts = [f"“{one.condition}”" if one.condition else "", reason]
    return _Line(
        text(one.name),
        SignLabel(sign_of(one.status, one.condition)),
        text(" ".join(part for part in parts if part), "small"),
    )
