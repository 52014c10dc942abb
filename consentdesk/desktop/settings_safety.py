"""Settings: the office copied to another disk, and checked as a whole."""

from __future__ import annotations

from datetime import UTC, datetime

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.fields import PathField, pick_folder
from consentdesk.desktop.pieces.text import restyle, text
from consentdesk.desktop.settings_card import SettingsCard
from consentdesk.desktop.words import isolated, moment_in_words, tr
from consentdesk.services.safekeeping import check_everything
from consentdesk.services.school_settings import Backup, back_up_now, last_backup


class BackupCard(SettingsCard):
    """A folder to copy into, and what the last check found."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            tr("Backup"),
            tr(
                "A copy, encrypted as the office is. Keep it on another disk or a stick, away from this computer."
            ),
        )
        self._desk = desk
        self.last = text("")
        self.place = PathField(
            tr("Copy into"), pick_folder, hint=tr("A new folder is made in it, named for the moment.")
        )
        self.copy = Button(tr("Back up now"), self._back_up)
        self.check = Button(tr("Check everything"), self._check)
        self.found = text("")
        self.found.hide()
        self.column.addWidget(self.last)
        self.column.addWidget(self.place)
        self.column.addLayout(row(self.copy, self.check, None))
        self.column.addWidget(self.found)
        self.setFocusProxy(self.place)

    def refresh(self) -> None:
        """Look up when the last one was made."""
        self._desk.ask(self, last_backup, self._show)

    def _show(self, last: Backup | None) -> None:
        if last is None:
            self.last.setText(tr("There is no backup yet. A lost disk would lose every answer."))
            return
        when = moment_in_words(last.at, datetime.now(UTC))
        self.last.setText(
            tr("Last backup {when}, in {folder}.").format(when=when, folder=isolated(str(last.folder)))
        )
        if not self.place.value:
            self.place.set_value(str(last.folder.parent))

    def _back_up(self) -> None:
        folder = self.place.path
        if folder is None:
            self.place.say_wrong(tr("Choose a folder on another disk or a stick."))
            return
        if not folder.is_absolute():
            self.place.say_wrong(tr("Give the whole path of the folder."))
            return
        self._wait(tr("The office is being copied…"))
        self._desk.ask(self, lambda office: back_up_now(office, folder), self._copied, self._not_copied)

    def _copied(self, made: Backup) -> None:
        self._go_on("")
        self._show(made)
        self.said.emit(tr("The office was copied, and the copy was checked."))

    def _not_copied(self, error: BaseException) -> None:
        self._go_on("")
        self.place.say_wrong(told(error).sentence)

    def _check(self) -> None:
        self._wait(tr("Every answer and every picture is being checked…"))
        self._desk.ask(self, check_everything, self._checked, self._not_checked)

    def _checked(self, findings: tuple[str, ...]) -> None:
        if findings:
            advice = tr("Do not go on working in this office; put back the newest backup that is sound.")
            self._go_on("\n".join([*findings, advice]), wrong=True)
        else:
            self._go_on(tr("Everything is sound."))

    def _not_checked(self, error: BaseException) -> None:
        self._go_on(told(error).sentence, wrong=True)

    def _wait(self, words: str) -> None:
        self._go_on(words)
        self.copy.setEnabled(False)
        self.check.setEnabled(False)

    def _go_on(self, words: str, *, wrong: bool = False) -> None:
        self.copy.setEnabled(True)
        self.check.setEnabled(True)
        self.found.setText(words)
        self.found.setVisible(bool(words))
        restyle(self.found, kind="error" if wrong else "body")
