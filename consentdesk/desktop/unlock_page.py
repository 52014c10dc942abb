"""The door: whose office, who is there, and the password; or the recovery sheet where it is forgotten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import in_the_middle, row
from consentdesk.desktop.pieces.fields import (
    ChoiceField,
    PasswordField,
    TextField,
    all_right,
    pick_folder,
)
from consentdesk.desktop.pieces.strips import ProgressStrip
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr

_WIDE = 50
SHORTEST_PASSWORD = 8


def new_password_wrong(password: str) -> str:
    """What is wrong with a new password, as a sentence."""
    if len(password) < SHORTEST_PASSWORD:
        return tr(
            "A password needs at least {count} characters; three unrelated words are easy to remember."
        ).format(count=SHORTEST_PASSWORD)
    return ""


class UnlockPage(QWidget):
    """Signs in through the desk. `no_office` says that the folder holds none; `elsewhere` names another folder."""

    no_office = Signal()
    elsewhere = Signal(object)

    def __init__(self, desk: Desk, folder: Path, school: str, last_user: str) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._folder = folder
        self._last_user = last_user
        self.school = text(school or tr("Your school"), "title")
        self.line = text(tr("ConsentDesk is locked."), "quiet")
        self.who = ChoiceField(tr("Who is there?"), [(last_user, last_user)] if last_user else [])
        self.password = PasswordField(tr("Password"))
        self.groups = TextField(
            tr("Recovery sheet"),
            hint=tr("Type all groups as they stand on the sheet. Blanks and hyphens do not matter."),
            check=lambda typed: "" if typed.strip() else tr("Type the groups of the sheet."),
        )
        self.unlock = Button(tr("Unlock"), self._try, kind="filled")
        self.other_way = Button(tr("Forgotten? Use the recovery sheet"), self._turn, kind="link")
        self.another = Button(tr("Open another office…"), self._pick, kind="link")
        self.progress = ProgressStrip()
        self._by_sheet = False
        self._compose()
        self._show_way()
        for field in (self.password, self.groups):
            field.line.returnPressed.connect(self._try)
        if desk.job is not None:
            self.progress.follow(desk.job, tr("Finishing what was begun"))
        desk.names(self, folder, self._know, self._refuse)
        self.setFocusProxy(self.password)

    def _compose(self) -> None:
        card = QFrame()
        card.setProperty("kind", "card")
        inner = QVBoxLayout(card)
        set_spacing(inner, margins=4, gap=2)
        words = QVBoxLayout()
        set_spacing(words, gap=0.25)
        words.addWidget(self.school)
        words.addWidget(self.line)
        head = QHBoxLayout()
        set_spacing(head, gap=1.5)
        head.addWidget(Picture("school", colour="accent", steps=4.5), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(words, 1)
        inner.addLayout(head)
        inner.addSpacing(step(0.5))
        inner.addWidget(self.who)
        inner.addWidget(self.groups)
        inner.addWidget(self.password)
        inner.addSpacing(step(0.5))
        inner.addWidget(self.unlock)
        inner.addLayout(row(self.other_way, None, gap=0))
        card.setFixedWidth(step(_WIDE))
        self.progress.setFixedWidth(step(_WIDE))
        whole = QVBoxLayout(self)
        set_spacing(whole, gap=0)
        whole.addWidget(in_the_middle(card, self.progress, above=4, below=5), 1)
        whole.addLayout(row(None, self.another, None))
        whole.addSpacing(step(2))

    def _know(self, names: tuple[str, ...]) -> None:
        """Who may sign in is known now."""
        if not names:
            self.no_office.emit()
            return
        self.who.offer([(name, name) for name in names])
        self.who.choose(self._last_user)
        self._show_way()

    def _show_way(self) -> None:
        self.who.setVisible(self._by_sheet or self.who.box.count() > 1)
        self.groups.setVisible(self._by_sheet)
        user = str(self.who.value or "")
        single = tr("Signing in as {user}.").format(user=user) if user else tr("ConsentDesk is locked.")
        several = self.who.box.count() > 1
        self.line.setText(tr("ConsentDesk is locked.") if self._by_sheet or several else single)
        self.unlock.set_words(tr("Set the password and unlock") if self._by_sheet else tr("Unlock"))
        self.other_way.set_words(
            tr("Back to the password") if self._by_sheet else tr("Forgotten? Use the recovery sheet")
        )

    def _turn(self) -> None:
        self._by_sheet = not self._by_sheet
        self.password.say_wrong("")
        self.password.set_value("")
        self._show_way()
        (self.groups if self._by_sheet else self.password).setFocus()

    def _try(self) -> None:
        user = str(self.who.value) if self.who.value else None
        if self._by_sheet:
            wrong = new_password_wrong(self.password.value)
            self.password.say_wrong(wrong)
            if not all_right(self.groups) or wrong:
                return
            self._wait()
            self._desk.sign_in_with_sheet(
                self, self._folder, self.groups.value, user or "", self.password.value, self._refuse
            )
        elif not self.password.value:
            self.password.say_wrong(tr("Type your password."))
            self.password.setFocus()
        else:
            self._wait()
            self._desk.sign_in(self, self._folder, user, self.password.value, self._refuse)

    def _wait(self) -> None:
        self.password.hide_password()
        self.unlock.setEnabled(False)
        self.unlock.set_words(tr("Opening…"))

    def _refuse(self, error: BaseException) -> None:
        self.unlock.setEnabled(True)
        self._show_way()
        said = told(error)
        about_sheet = self._by_sheet and "sheet" in said.what
        (self.groups if about_sheet else self.password).say_wrong(said.sentence)
        field = self.groups if about_sheet else self.password
        field.line.setFocus()
        field.line.selectAll()

    def _pick(self) -> None:
        folder = pick_folder(self)
        if folder is not None:
            self.elsewhere.emit(folder)
