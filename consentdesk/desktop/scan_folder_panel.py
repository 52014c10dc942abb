"""The folder that scans come into: chosen, tried out on the spot, and kept as a setting of the school."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.signs import Sign, SignLabel
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.fields import PathField, pick_folder
from consentdesk.desktop.words import counted, tr
from consentdesk.services.school_settings import (
    SchoolSettings,
    change_school_settings,
    school_settings,
    try_scan_folder,
)


class ScanFolderPanel(QWidget):
    """Shows the present setting. `kept` when it was changed."""

    kept = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.folder = PathField(
            tr("Folder for scans"),
            pick_folder,
            hint=tr("The folder that the scanner writes PDF, TIFF or JPEG files into."),
        )
        self.test = Button(tr("Test"), self.try_it)
        self.found = SignLabel(Sign("", "check", "yes"))
        self.found.hide()
        self.keep_files = QCheckBox(tr("Leave the files in the folder once they are kept"))
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=1.5)
        layout.addWidget(self.folder)
        layout.addLayout(row(self.test, self.found, None, gap=2))
        layout.addWidget(self.keep_files)
        self.folder.changed.connect(self._forget)
        self.setFocusProxy(self.folder)
        self._forget("")

    def refresh(self) -> None:
        """Look the setting up."""
        self._desk.ask(self, school_settings, self._show)

    def try_it(self) -> None:
        """Look into the folder now, and say what was found."""
        folder = self._checked()
        if folder is not None:
            self.test.setEnabled(False)
            self._desk.aside(self, lambda: try_scan_folder(folder), self._there, self._refuse)

    def keep(self) -> None:
        """Try the folder, and keep it where that works; an empty field stops the watching."""
        if not self.folder.value:
            self._keep(None)
            return
        folder = self._checked()
        if folder is not None:
            self._desk.aside(
                self, lambda: try_scan_folder(folder), lambda _files: self._keep(folder), self._refuse
            )

    def _checked(self) -> Path | None:
        folder = self.folder.path
        if folder is None:
            self.folder.say_wrong(tr("Choose a folder."))
        elif not folder.is_absolute():
            self.folder.say_wrong(tr("Give the whole path of the folder."))
        else:
            return folder
        return None

    def _keep(self, folder: Path | None) -> None:
        settings = SchoolSettings(folder, self.keep_files.isChecked())
        self._desk.ask(
            self,
            lambda office: change_school_settings(office, settings),
            lambda _none: self.kept.emit(),
            self._refuse,
        )

    def _show(self, settings: SchoolSettings) -> None:
        self.folder.set_value(str(settings.scan_folder or ""))
        self.keep_files.setChecked(settings.keep_scan_files)

    def _there(self, files: int) -> None:
        self.test.setEnabled(True)
        lying = counted(files, tr("file lies"), tr("files lie")) if files else tr("nothing lies")
        word = tr("It works: {lying} there now.").format(lying=lying)
        self.found.show_sign(Sign(word, "circle-check", "yes", quiet=True))
        self.found.show()

    def _refuse(self, error: BaseException) -> None:
        self.test.setEnabled(True)
        self.folder.say_wrong(told(error).sentence)

    def _forget(self, typed: str) -> None:
        self.found.hide()
        self.test.setVisible(bool(typed))
