"""Settings: the folder that scans come into."""

from __future__ import annotations

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.scan_folder_panel import ScanFolderPanel
from consentdesk.desktop.settings_card import SettingsCard
from consentdesk.desktop.words import tr


class ScansCard(SettingsCard):
    """The panel, and its Save."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            tr("Where scans arrive"),
            tr(
                "What comes into this folder is read while ConsentDesk is open. Leave it empty to watch none."
            ),
        )
        self.panel = ScanFolderPanel(desk)
        self.save = Button(tr("Save"), self.panel.keep)
        self.column.addWidget(self.panel)
        self.column.addLayout(row(self.save, None))
        self.panel.kept.connect(lambda: self.said.emit(tr("The folder for scans is saved.")))
        self.setFocusProxy(self.panel)

    def refresh(self) -> None:
        """Look the folder up."""
        self.panel.refresh()
