"""The steps of the first run up to the recovery sheet: welcome, school, password, and the sheet proved on paper."""

from __future__ import annotations

import re
import secrets
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from consentdesk import paths
from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.on_paper import there_is_a_printer
from consentdesk.desktop.paper import print_pdf
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import column, line, row
from consentdesk.desktop.pieces.fields import (
    PasswordField,
    PathField,
    TextField,
    all_right,
    pick_folder,
    pick_target,
)
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.unlock_page import new_password_wrong
from consentdesk.desktop.words import tr

_ASKED_BACK: Final = 2


class Step(QWidget):
    """One step: its heading, a sentence, what it asks in `column`, and its buttons at the foot."""

    done = Signal()
    back = Signal()

    def __init__(self, number: int, heading: str, sentence: str) -> None:
        super().__init__()
        self.number = number
        self.column = QVBoxLayout(self)
        set_spacing(self.column, gap=2)
        self.column.addWidget(text(heading, "title"))
        self.column.addWidget(text(sentence, "quiet"))
        self._foot = QWidget()
        self.buttons = QHBoxLayout(self._foot)
        set_spacing(self.buttons, gap=1)
        self.buttons.addStretch(1)

    def showEvent(self, event: object) -> None:
        """The buttons stand below whatever the step has put into its column."""
        self.column.removeWidget(self._foot)
        self.column.addWidget(self._foot)
        super().showEvent(event)  # type: ignore[arg-type]

    def with_back(self) -> Button:
        """The way back, at the left of the buttons."""
        button = Button(tr("Back"), self.back.emit)
        self.buttons.insertWidget(0, button)
        return button


class WelcomeStep(Step):
    """Before the first step: an office of one's own, a made-up one, or one that is there already."""

    look_round = Signal()
    another = Signal()

    def __init__(self) -> None:
        super().__init__(
            0, tr("Welcome to ConsentDesk"),
            tr(
                "It prints consent forms, reads the slips that come back, and knows who may be photographed and "
                "for what. Everything stays on this computer, encrypted."
            ),
        )  # fmt: skip
        self.set_up = Button(tr("Set up your school"), self.done.emit, kind="filled")
        self.try_out = Button(tr("Look round with a made-up school"), self.look_round.emit)
        self.open = Button(tr("Open an office that is there already…"), self.another.emit, kind="link")
        self.column.addSpacing(step(1))
        self.column.addLayout(row(self.set_up, None))
        self.column.addWidget(
            text(
                tr("Four short steps: the school, a password, the class list, and where scans arrive."),
                "small",
            )
        )
        self.column.addSpacing(step(1))
        self.column.addWidget(line())
        self.column.addSpacing(step(1))
        self.column.addLayout(row(self.try_out, None))
        self.column.addWidget(
            text(
                tr(
                    "Invented pupils, printed forms and slips that come in by themselves. It takes half a minute."
                ),
                "small",
            )
        )
        self.column.addLayout(row(self.open, None))
        self.column.addStretch(1)
        self.setFocusProxy(self.set_up)


class SchoolStep(Step):
    """Step 1: what the school is called, and where its office lies."""

    def __init__(self, folder: Path) -> None:
        super().__init__(1, tr("Your school"), tr("The name is printed on every form."))
        self.name = TextField(
            tr("Name of the school"),
            check=lambda typed: "" if typed.strip() else tr("Type the name of the school."),
        )
        self.folder = PathField(
            tr("Folder of the office"),
            pick_folder,
            hint=tr(
                "On this computer’s own disk, not on a network share. All users of this computer can use it."
            ),
            check=_folder_wrong,
        )
        self.folder.set_value(str(folder))
        self.column.addWidget(self.name)
        self.column.addWidget(self.folder)
        self.column.addStretch(1)
        self.with_back()
        self.next = Button(tr("Next"), self._next, kind="filled")
        self.buttons.addWidget(self.next)
        self.name.line.returnPressed.connect(self._next)
        self.setFocusProxy(self.name)

    @property
    def place(self) -> Path:
        """The folder of the office."""
        return self.folder.path or paths.offered_office()

    def _next(self) -> None:
        if all_right(self.name, self.folder):
            self.done.emit()


def _folder_wrong(typed: str) -> str:
    folder = Path(typed.strip()).expanduser()
    if not typed.strip():
        return tr("Choose a folder.")
    if not folder.is_absolute():
        return tr("Give the whole path of the folder.")
    if folder.is_file():
        return tr("That is a file. Choose a folder, which need not be there yet.")
    return ""


class PasswordStep(Step):
    """Step 2, first half: who sets this up, and their password."""

    def __init__(self) -> None:
        super().__init__(
            2, tr("You and your password"),
            tr("Whoever sets the office up is its head, and adds the others later."),
        )  # fmt: skip
        self.user = TextField(
            tr("Your name"), check=lambda typed: "" if typed.strip() else tr("Type your name.")
        )
        self.password = PasswordField(
            tr("Password"),
            hint=tr("At least 8 characters. Three unrelated words are easy to remember and hard to guess."),
            check=new_password_wrong,
        )
        self.again = PasswordField(tr("The same again"), check=self._differs)
        for field in (self.user, self.password, self.again):
            self.column.addWidget(field)
            field.line.returnPressed.connect(self._next)
        self.column.addStretch(1)
        self.with_back()
        self.next = Button(tr("Make the office"), self._next, kind="filled")
        self.buttons.addWidget(self.next)
        self.setFocusProxy(self.user)

    def wait(self, words: str) -> None:
        """Say that it is under way."""
        self._foot.setEnabled(False)
        self.next.set_words(words)

    def go_on(self) -> None:
        """It is over."""
        self._foot.setEnabled(True)
        self.next.set_words(tr("Make the office"))

    def say_wrong(self, error: BaseException) -> None:
        """Why no office was made."""
        self.password.say_wrong(told(error).sentence)

    def forget(self) -> None:
        """Keep no password longer than it is needed."""
        self.password.set_value("")
        self.again.set_value("")

    def _differs(self, typed: str) -> str:
        return "" if typed == self.password.value else tr("The two passwords differ.")

    def _next(self) -> None:
        if all_right(self.user, self.password, self.again):
            self.done.emit()


class SheetStep(Step):
    """Step 2, second half: the recovery sheet on paper, proved by typing two of its groups back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            2, tr("The recovery sheet"),
            tr(
                "It opens the office when every password is forgotten. Print it now and put it into the safe: "
                "it is not kept on this computer, and nobody can make it again."
            ),
        )  # fmt: skip
        self._desk = desk
        self._groups: tuple[str, ...] = ()
        self._sheet = b""
        self._asked: tuple[int, ...] = ()
        self.print = Button(tr("Print the sheet…"), self._print, kind="filled", icon="printer")
        self.print.setVisible(there_is_a_printer())
        self.save = Button(tr("Save as PDF…"), self._save, icon="save")
        self.saved = text("", "small")
        self.proofs = [TextField(tr("Group"), check=partial(self._wrong, at)) for at in range(_ASKED_BACK)]
        self.column.addLayout(row(self.print, self.save, None))
        if not there_is_a_printer():
            self.saved.setText(
                tr(
                    "No printer is set up here. Save the sheet on a stick, print it elsewhere, and delete the file."
                )
            )
        self.column.addWidget(self.saved)
        self.column.addWidget(line())
        self.column.addWidget(text(tr("To be sure that it can be read, type two groups from the paper.")))
        proofs = QHBoxLayout()
        set_spacing(proofs, gap=2)
        for proof in self.proofs:
            proofs.addLayout(column(proof, None))
            proof.line.returnPressed.connect(self._next)
        self.column.addLayout(proofs)
        self.column.addStretch(1)
        self.next = Button(tr("Next"), self._next)
        self.buttons.addWidget(self.next)
        self.setFocusProxy(self.save)

    def show_sheet(self, groups: tuple[str, ...], sheet: bytes) -> None:
        """Show how to keep this sheet, and ask for two of its groups, another two each time."""
        self._groups, self._sheet = groups, sheet
        self._asked = tuple(sorted(secrets.SystemRandom().sample(range(len(groups)), _ASKED_BACK)))
        for at, proof in zip(self._asked, self.proofs, strict=True):
            proof.set_value("")
            proof.set_label(tr("Group {number}").format(number=at + 1))

    def forget(self) -> None:
        """Keep the sheet no longer."""
        self._groups, self._sheet = (), b""
        for proof in self.proofs:
            proof.set_value("")

    def _wrong(self, at: int, typed: str) -> str:
        if not self._asked:
            return ""
        plain = re.sub(r"[\s-]", "", typed).upper()
        if plain == self._groups[self._asked[at]]:
            return ""
        return tr("That is not the group on the sheet.") if plain else tr("Type this group from the sheet.")

    def _next(self) -> None:
        if all_right(*self.proofs):
            self.done.emit()

    def _print(self) -> None:
        print_pdf(self._desk, self, self._sheet, tr("Recovery sheet"), self._printed, self._desk.failed.emit)

    def _printed(self, _printer: str) -> None:
        self.saved.setText(tr("The sheet went to the printer. Put the paper into the safe."))

    def _save(self) -> None:
        target = pick_target(tr("PDF (*.pdf)"), "recovery sheet.pdf")(self)
        if target is None:
            return
        sheet = self._sheet

        def write() -> None:
            with paths.write_whole(target) as part:
                part.write_bytes(sheet)

        self._desk.aside(
            self,
            write,
            lambda _none: self.saved.setText(
                tr("Saved as {file}. Print it, keep the paper, and delete the file.").format(file=target.name)
            ),
        )
