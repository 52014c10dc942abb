"""A class list in: what it would change is shown, and nothing is kept until a button says how much (rule D6)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import column, line, row
from consentdesk.desktop.pieces.fields import PathField, pick_file
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.services.import_pupils import Preview, apply, preview
from consentdesk.services.import_report import ImportReport, report
from consentdesk.services.office import Office

_SIGNS: Final = {
    "new": Sign("New", "plus", "yes"),
    "changed": Sign("Changed", "refresh-cw", "limited"),
    "missing": Sign("Not on the list", "circle-minus", "plain"),
    "doubtful": Sign("Not certain", "circle-alert", "ask"),
    "skipped": Sign("Line skipped", "circle-alert", "open"),
    "warning": Sign("To look at", "info", "open"),
}


_READABLE: Final = 84
"""Steps that a line of text may be long."""
_MOST: Final = 100
"""What the table takes of the room for each part that stays free."""


class Difference(NamedTuple):
    """One line of what would change."""

    kind: str
    name: str
    school_class: str
    what: str


class _Seen(NamedTuple):
    preview: Preview
    told: ImportReport


class ClassListPanel(QWidget):
    """Choose a file, look at the difference, keep it. `kept` carries how many pupils were added."""

    kept = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._seen: _Seen | None = None
        self.file = PathField(
            tr("Class list"),
            pick_file(tr("Class lists (*.csv *.xlsx *.xml *.txt)")),
            hint=tr("CSV, Excel, or a transfer file (CTF) from your school system."),
        )
        self.look = Button(tr("Show what it would change"), self._look)
        about = column(
            line(),
            text(tr("What the list may hold"), "label"),
            text(tr("A column of names is enough, under the headings that your school system gives it.")),
            text(
                tr(
                    "Class, year, date of birth, UPN, admission number and parents are taken where they are there. "
                    "Addresses, telephone numbers, health and the like are left out on purpose."
                )
            ),
            text(tr("Import the list again whenever it has changed: consent is never touched by it.")),
            gap=1,
        )
        self.guide = QWidget()
        self.guide.setLayout(about)
        self.guide.setMaximumWidth(step(_READABLE))
        self.counts = text("", "strong")
        self.notes = text("", "small")
        self.table: Table[Difference] = Table(
            tr("What would change"),
            (
                Column(tr("What"), lambda one: _SIGNS[one.kind].word, steps=21, sign=_sign),
                Column(tr("Pupil"), lambda one: one.name, steps=26),
                Column(tr("Class"), lambda one: one.school_class, steps=10),
                Column(tr("More"), lambda one: one.what, quiet=True, stretches=True),
            ),
            empty=tr("The list says nothing that is not known already."),
        )
        self.leavers = QCheckBox()
        self.keep = Button("", self._keep, kind="filled")
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=1.5)
        layout.addWidget(self.file)
        layout.addLayout(row(self.look, None))
        layout.addWidget(self.guide)
        layout.addWidget(self.counts)
        layout.addWidget(self.notes)
        layout.addWidget(self.table, _MOST)
        layout.addWidget(self.leavers)
        layout.addLayout(row(None, self.keep))
        layout.addStretch(1)
        self.table.setMinimumHeight(step(26))
        self.file.changed.connect(lambda _typed: self._forget())
        self.file.line.returnPressed.connect(self._look)
        self.setFocusProxy(self.file)
        self._forget()

    def show_file(self, file: Path) -> None:
        """Look at this file."""
        self.file.set_value(str(file))
        self._look()

    def _forget(self) -> None:
        """The file is another one: what was shown is not about it."""
        self._seen = None
        for one in (self.counts, self.notes, self.table, self.leavers, self.keep):
            one.hide()
        self.guide.show()
        self.look.setVisible(bool(self.file.value))

    def _look(self) -> None:
        path = self.file.path
        if path is None:
            self.file.say_wrong(tr("Choose a file."))
            return
        self.look.setEnabled(False)

        def look(office: Office) -> _Seen:
            seen = preview(office, path)
            return _Seen(seen, report(seen, path.name, applied=False, leavers=False))

        self._desk.ask(self, look, self._show, self._refuse)

    def _refuse(self, error: BaseException) -> None:
        self.look.setEnabled(True)
        self.file.say_wrong(told(error).sentence)

    def _show(self, seen: _Seen) -> None:
        self.look.setEnabled(True)
        self.look.hide()
        self._seen = seen
        counts = seen.told.counts
        self.counts.setText(
            tr(
                "{added:,} new · {changed:,} changed · {unchanged:,} as they are · {missing:,} not on the list"
            ).format(
                added=counts.added, changed=counts.changed, unchanged=counts.unchanged, missing=counts.missing
            )
        )
        self.notes.setText(_notes(seen.told))
        self.table.show_rows(differences(seen.told))
        missing = counted(counts.missing, tr("pupil who is"), tr("pupils who are"))
        self.leavers.setText(tr("Note that the {missing} not on the list have left").format(missing=missing))
        self.leavers.setChecked(False)
        self.leavers.setVisible(bool(counts.missing))
        self.keep.set_words(_what_is_kept(counts.added, counts.changed))
        self.guide.hide()
        for one in (self.counts, self.table):
            one.show()
        self.notes.setVisible(bool(self.notes.text()))
        self.keep.setVisible(bool(counts.added or counts.changed or counts.missing))
        self.keep.setFocus()

    def _keep(self) -> None:
        if self._seen is None:
            return
        difference, leavers = self._seen.preview.difference, self.leavers.isChecked()
        self.keep.setEnabled(False)
        self._desk.ask(
            self,
            lambda office: apply(office, difference, leavers=leavers),
            lambda _none: self._done(len(difference.added)),
            self._not_kept,
        )

    def _done(self, added: int) -> None:
        self.keep.setEnabled(True)
        self.file.set_value("")
        self.kept.emit(added)

    def _not_kept(self, error: BaseException) -> None:
        self.keep.setEnabled(True)
        self.file.say_wrong(told(error).sentence)


def _sign(one: Difference) -> Sign:
    sign = _SIGNS[one.kind]
    return sign._replace(word=tr(sign.word))


def _what_is_kept(added: int, changed: int) -> str:
    pupils = counted(added, tr("pupil"), tr("pupils"))
    changes = counted(changed, tr("change"), tr("changes"))
    if added and changed:
        return tr("Add {pupils} and keep {changes}").format(pupils=pupils, changes=changes)
    if added:
        return tr("Add {pupils}").format(pupils=pupils)
    return tr("Keep {changes}").format(changes=changes) if changed else tr("Keep")


def _notes(seen: ImportReport) -> str:
    if not seen.unknown_columns:
        return ""
    columns = ", ".join(isolated(name) for name in seen.unknown_columns)
    return tr("Columns that are left out: {columns}.").format(columns=columns)


def differences(seen: ImportReport) -> tuple[Difference, ...]:
    """What would change, what is doubtful first, then one line a pupil."""
    found = [Difference("doubtful", "", "", one.reason) for one in seen.ambiguous]
    found += [
        Difference("skipped", "", "", tr("Line {line}: {reason}").format(line=one.line, reason=one.reason))
        for one in seen.skipped
    ]
    found += [Difference("warning", "", "", sentence) for sentence in seen.warnings]
    for pupil in seen.changed:
        fields = [f"{one.field}: {one.before or '–'} → {one.after or '–'}" for one in pupil.fields]
        guardians = pupil.guardians_added + pupil.guardians_changed
        if guardians:
            fields.append(counted(guardians, tr("guardian"), tr("guardians")))
        found.append(Difference("changed", pupil.name, "", "; ".join(fields)))
    found += [Difference("new", pupil.name, pupil.school_class, "") for pupil in seen.added]
    found += [Difference("missing", pupil.name, pupil.school_class, "") for pupil in seen.missing]
    return tuple(found)
