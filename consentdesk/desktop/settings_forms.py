"""Settings: the forms that can be printed, and the school's own among them."""

from __future__ import annotations

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import row_height
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.fields import PathField, pick_file
from consentdesk.desktop.settings_card import SettingsCard
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.words import counted, tr
from consentdesk.model.form import FormDefinition
from consentdesk.services.add_form import add_form
from consentdesk.services.forms import FormInForce, forms_in_force

_MOST_ROWS = 6


class FormsCard(SettingsCard):
    """What there is, and a file to add."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            tr("Forms"),
            tr("A school can write forms of its own. What was printed stays as it was."),
        )
        self._desk = desk
        self.table: Table[FormInForce] = Table(
            tr("Forms"),
            (
                Column(tr("Form"), lambda form: form.definition.title, strong=True, stretches=True),
                Column(
                    tr("Questions"),
                    lambda form: counted(len(form.definition.asked), tr("question"), tr("questions")),
                    steps=18,
                ),
                Column(
                    tr("From"),
                    lambda form: tr("Your school") if form.own else tr("ConsentDesk"),
                    steps=18,
                    quiet=True,
                ),
            ),
        )
        self.file = PathField(
            tr("Add a form of your own"),
            pick_file(tr("Form definitions (*.toml)")),
            hint=tr("A definition file. One with the name of a form above takes its place."),
        )
        self.add = Button(tr("Add the form"), self._add)
        self.column.addWidget(self.table)
        self.column.addWidget(self.file)
        self.column.addLayout(row(self.add, None))
        self.file.changed.connect(lambda typed: self.add.setVisible(bool(typed)))
        self.add.hide()
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        """Look the forms up."""
        self._desk.ask(self, forms_in_force, self._show)

    def _show(self, forms: dict[str, FormInForce]) -> None:
        self.table.show_rows(tuple(forms.values()), keep=lambda form: form.definition.id)
        self.table.setFixedHeight(row_height() * (min(len(forms), _MOST_ROWS) + 1) + row_height() // 2)

    def _add(self) -> None:
        path = self.file.path
        if path is not None:
            self._desk.ask(self, lambda office: add_form(office, path), self._added, self._refuse)

    def _added(self, form: FormDefinition) -> None:
        self.file.set_value("")
        self.refresh()
        self.said.emit(tr("The form “{title}” can be printed now.").format(title=form.title))

    def _refuse(self, error: BaseException) -> None:
        self.file.say_wrong(told(error).sentence)
