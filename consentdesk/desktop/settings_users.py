"""Settings: who may sign in, passwords, and the recovery sheet."""

from __future__ import annotations

from typing import Final, cast

from PySide6.QtWidgets import QFrame

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.door import Session
from consentdesk.desktop.look.type import row_height, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import column, line, row
from consentdesk.desktop.pieces.fields import ChoiceField, PasswordField, TextField, all_right, pick_target
from consentdesk.desktop.pieces.flow import flowing
from consentdesk.desktop.pieces.strips import ConfirmStrip
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.settings_card import SettingsCard
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.unlock_page import new_password_wrong
from consentdesk.desktop.words import isolated, tr
from consentdesk.services.office import add_user, change_password, remove_user
from consentdesk.services.set_up import renew_recovery
from consentdesk.services.users import Role, User, list_users

_MOST_ROWS: Final = 6
_ROLES: Final = {
    Role.OFFICE: "Office: everything but users and restrictions",
    Role.TEACHER: "Teacher: what is allowed, and lists",
    Role.SAFEGUARDING: "Safeguarding: what is allowed, and restrictions with their reasons",
    Role.HEAD: "Head: everything, users too",
}
_SHORT: Final = {
    Role.HEAD: "Head",
    Role.OFFICE: "Office",
    Role.TEACHER: "Teacher",
    Role.SAFEGUARDING: "Safeguarding",
}


class UsersCard(SettingsCard):
    """Everybody may set their own password; the head sees and changes the others."""

    def __init__(self, desk: Desk, session: Session) -> None:
        super().__init__(tr("Users and passwords"))
        self._desk = desk
        self._session = session
        self._manages = session.may("manage-users")
        self.table: Table[User] = Table(
            tr("Users"),
            (
                Column(tr("Name"), lambda user: user.name, strong=True, stretches=True),
                Column(tr("Role"), lambda user: tr(_SHORT[user.role]), steps=20),
                Column(
                    tr("You"),
                    lambda user: tr("Signed in") if user.id == session.user_id else "",
                    steps=14,
                    quiet=True,
                ),
            ),
        )
        self.sure = ConfirmStrip()
        self.remove = Button(tr("Remove…"), self._remove)
        self.set_password = Button(tr("Set a password…"), self._begin_password)
        self.add = Button(tr("Add a user…"), self._begin_adding)
        self.recovery = Button(tr("New recovery sheet…"), self._renew)
        self.form = QFrame()
        self.name = TextField(tr("Name"), check=lambda typed: "" if typed.strip() else tr("Type a name."))
        self.role = ChoiceField(tr("Role"), [(role, tr(words)) for role, words in _ROLES.items()])
        self.password = PasswordField(tr("Password"), check=new_password_wrong)
        self.again = PasswordField(tr("The same again"), check=self._differs)
        self.keep = Button("", self._keep)
        self._whose: User | None = None
        self._adding = False
        self._compose()
        self._close_form()

    def refresh(self) -> None:
        """Look up who may sign in."""
        if self._manages:
            self._desk.ask(self, list_users, self._show)

    def _compose(self) -> None:
        inner = column(line(), self.name, self.role, self.password, self.again, gap=1.5)
        inner.addLayout(row(self.keep, Button(tr("Cancel"), self._close_form), None))
        inner.setContentsMargins(0, step(1), 0, 0)
        self.form.setLayout(inner)
        if self._manages:
            self.column.addWidget(self.table)
            self.column.addWidget(self.sure)
            self.column.addWidget(flowing(self.add, self.set_password, self.remove, self.recovery))
            self.table.chosen.connect(self._chosen)
            self.setFocusProxy(self.table)
        else:
            self.column.addWidget(
                text(tr("You are signed in as {user}.").format(user=isolated(self._session.user)))
            )
            self.column.addLayout(row(self.set_password, None))
            self.set_password.set_words(tr("Set a new password…"))
        self.column.addWidget(self.form)

    def _show(self, users: tuple[User, ...]) -> None:
        self.table.show_rows(users, keep=lambda user: user.id)
        self.table.setFixedHeight(row_height() * (min(len(users), _MOST_ROWS) + 1) + row_height() // 2)
        self._chosen(self.table.row)

    def _chosen(self, user: User | None) -> None:
        self.set_password.setEnabled(user is not None)
        self.remove.setEnabled(user is not None and user.id != self._session.user_id)

    def _begin_adding(self) -> None:
        self._whose = None
        self._open_form(tr("Add the user"), new=True)
        self.name.setFocus()

    def _begin_password(self) -> None:
        self._whose = self.table.row if self._manages else None
        name = self._whose.name if self._whose else self._session.user
        self._open_form(tr("Set the password of {name}").format(name=isolated(name)), new=False)
        self.password.setFocus()

    def _open_form(self, words: str, *, new: bool) -> None:
        self._adding = new
        for field in (self.name, self.password, self.again):
            field.set_value("")
            field.say_wrong("")
        self.name.setVisible(new)
        self.role.setVisible(new)
        self.keep.set_words(words)
        self.form.show()

    def _close_form(self) -> None:
        self.form.hide()
        for field in (self.name, self.password, self.again):
            field.set_value("")

    def _keep(self) -> None:
        fields = (self.name, self.password, self.again) if self._adding else (self.password, self.again)
        if not all_right(*fields):
            return
        name, role, password = self.name.value, cast("Role", self.role.value), self.password.value
        if self._adding:
            self._desk.ask(
                self,
                lambda office: add_user(office, name, role, password),
                lambda user: self._kept(tr("{name} may sign in now.").format(name=isolated(user.name))),
                self._refuse,
            )
            return
        whose = self._whose.id if self._whose else self._session.user_id
        self._desk.ask(
            self,
            lambda office: change_password(office, whose, password),
            lambda _none: self._kept(tr("The password is set.")),
            self._refuse,
        )

    def _kept(self, words: str) -> None:
        self._close_form()
        self.refresh()
        self.said.emit(words)

    def _refuse(self, error: BaseException) -> None:
        (self.name if self._adding else self.password).say_wrong(told(error).sentence)

    def _differs(self, typed: str) -> str:
        return "" if typed == self.password.value else tr("The two passwords differ.")

    def _remove(self) -> None:
        user = self.table.row
        if user is None:
            return
        self.sure.ask(
            tr(
                "Remove {name}? What they recorded stays under their name. Copies of the office that they kept can "
                "still be opened by them."
            ).format(name=isolated(user.name)),
            tr("Remove"),
            lambda: self._desk.ask(
                self,
                lambda office: remove_user(office, user.id),
                lambda _none: self._kept(
                    tr("{name} may not sign in any more.").format(name=isolated(user.name))
                ),
            ),
        )

    def _renew(self) -> None:
        target = pick_target(tr("PDF (*.pdf)"), "recovery sheet.pdf")(self)
        if target is None:
            return
        self.sure.ask(
            tr("Make a new recovery sheet? The one in the safe opens nothing any more."),
            tr("Make a new one"),
            lambda: self._desk.ask(
                self,
                lambda office: renew_recovery(office, target),
                lambda _none: self.said.emit(
                    tr("Print {file}, put it into the safe, and delete the file.").format(file=target.name)
                ),
            ),
        )
