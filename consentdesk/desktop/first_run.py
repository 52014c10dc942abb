"""The first run: four steps to an office of one's own, or a made-up school to look round in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from consentdesk import paths
from consentdesk.desktop.class_list_panel import ClassListPanel
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.first_steps import PasswordStep, SchoolStep, SheetStep, Step, WelcomeStep
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import in_the_middle
from consentdesk.desktop.pieces.fields import pick_folder
from consentdesk.desktop.pieces.strips import ProgressStrip
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.scan_folder_panel import ScanFolderPanel
from consentdesk.desktop.words import tr

if TYPE_CHECKING:
    from consentdesk.desktop.door import Founded
    from consentdesk.services.made_up_school import MadeUpSchool

_WIDE: Final = 92
_STEPS: Final = 4


def made_up_folder() -> Path:
    """Where the made-up school of this computer lies; a new one takes the place of the one before."""
    return paths.computer_folder() / "made-up school"


class ListStep(Step):
    """Step 3: the class list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            3, tr("Your class list"),
            tr("Nothing is kept until you say so, and it can be done later just as well."),
        )  # fmt: skip
        self.panel = ClassListPanel(desk)
        self.column.addWidget(self.panel, 1)
        self.next = Button(tr("Later"), self.done.emit)
        self.buttons.addWidget(self.next)
        self.buttons.addWidget(self.panel.keep)
        self.panel.kept.connect(lambda _count: self.done.emit())
        self.setFocusProxy(self.panel)


class FolderStep(Step):
    """Step 4: the folder that the scanner writes into."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            4, tr("Where scans arrive"),
            tr(
                "Most scanners can put their files into a folder on this computer or on a share. ConsentDesk looks "
                "there while it is open, and reads what comes in."
            ),
        )  # fmt: skip
        self.panel = ScanFolderPanel(desk)
        self.column.addWidget(self.panel)
        self.column.addStretch(1)
        self.next = Button(tr("Finish"), self._finish, kind="filled")
        self.buttons.addWidget(self.next)
        self.panel.kept.connect(self.done)
        self.setFocusProxy(self.panel)

    def _finish(self) -> None:
        if self.panel.folder.value:
            self.panel.keep()
        else:
            self.done.emit()


class FirstRun(QWidget):
    """Shown where there is no office yet. `elsewhere` names an office that is there already; `finished` is the end."""

    elsewhere = Signal(object)
    finished = Signal()
    keeps_the_window = True
    """Signing in happens on the way, and does not show the workspace yet."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._made_up: MadeUpSchool | None = None
        self.welcome = WelcomeStep()
        self.school = SchoolStep(folder)
        self.password = PasswordStep()
        self.sheet = SheetStep(desk)
        self.list = ListStep(desk)
        self.folder = FolderStep(desk)
        self.stack = QStackedWidget()
        for one in (self.welcome, self.school, self.password, self.sheet, self.list, self.folder):
            self.stack.addWidget(one)
        self.progress = ProgressStrip()
        self.at = text("", "small", wraps=False)
        self._compose()
        self._connect()
        self._go(self.welcome)

    def _compose(self) -> None:
        card = QFrame()
        card.setProperty("kind", "card")
        inner = QVBoxLayout(card)
        set_spacing(inner, margins=4, gap=1)
        inner.addWidget(self.at)
        inner.addWidget(self.stack, 1)
        card.setFixedWidth(step(_WIDE))
        card.setMinimumHeight(step(62))
        self.progress.setFixedWidth(step(_WIDE))
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=0)
        layout.addWidget(in_the_middle(card, self.progress))

    def _connect(self) -> None:
        self.welcome.done.connect(lambda: self._go(self.school))
        self.welcome.look_round.connect(self._make_up)
        self.welcome.another.connect(self._pick)
        self.school.back.connect(lambda: self._go(self.welcome))
        self.school.done.connect(lambda: self._go(self.password))
        self.password.back.connect(lambda: self._go(self.school))
        self.password.done.connect(self._found)
        self.sheet.done.connect(self._sign_in)
        self.list.done.connect(lambda: self._go(self.folder))
        self.folder.done.connect(self.finished)

    def _go(self, to: Step) -> None:
        self.stack.setCurrentWidget(to)
        number = tr("Step {number} of {all}").format(number=to.number, all=_STEPS)
        self.at.setText(number if to.number else "")
        self.at.setVisible(bool(to.number))
        to.setFocus(Qt.FocusReason.OtherFocusReason)

    def _found(self) -> None:
        self.password.wait(tr("Making the office…"))
        self._desk.found(
            self, self.school.place, self.school.name.value, self.password.user.value,
            self.password.password.value, self._show_sheet, self._not_founded,
        )  # fmt: skip

    def _not_founded(self, error: BaseException) -> None:
        self.password.go_on()
        self.password.say_wrong(error)

    def _show_sheet(self, founded: Founded) -> None:
        self.password.go_on()
        self.sheet.show_sheet(founded.groups, founded.sheet)
        self._go(self.sheet)

    def _sign_in(self) -> None:
        self.sheet.forget()
        self._desk.signed_in.connect(self._in, Qt.ConnectionType.SingleShotConnection)
        self._desk.sign_in(
            self,
            self.school.place,
            self.password.user.value,
            self.password.password.value,
            self._desk.failed.emit,
        )

    def _in(self) -> None:
        self.password.forget()
        if self._made_up is not None:
            self.finished.emit()
        else:
            self._go(self.list)

    def _make_up(self) -> None:
        folder = made_up_folder()
        self.welcome.setEnabled(False)

        def clear() -> None:
            if folder.exists():
                shutil.rmtree(folder)

        self._desk.aside(self, clear, lambda _none: self._begin_making_up(folder), self._not_made_up)

    def _begin_making_up(self, folder: Path) -> None:
        task = self._desk.make_up(
            self, folder, self._look_round, self._not_made_up, lambda: self.welcome.setEnabled(True)
        )
        self.progress.follow(task, tr("Inventing a school"))

    def _not_made_up(self, error: BaseException) -> None:
        self.welcome.setEnabled(True)
        self._desk.failed.emit(error)

    def _look_round(self, made: MadeUpSchool) -> None:
        self._made_up = made
        self._desk.signed_in.connect(self._in, Qt.ConnectionType.SingleShotConnection)
        self._desk.sign_in(self, made.office, made.user, made.password, self._not_made_up)

    def _pick(self) -> None:
        folder = pick_folder(self)
        if folder is not None:
            self.elsewhere.emit(folder)
