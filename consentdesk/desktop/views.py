"""Several views of one page, of which one is shown."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Views(QStackedWidget):
    """Asks for what the view that is shown needs, not for the most that any of them would like."""

    def hasHeightForWidth(self) -> bool:
        """Every view makes do with the height that there is."""
        return False

    def sizeHint(self) -> QSize:
        """No more than the view needs; it takes what is left all the same."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """What the view needs."""
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else super().minimumSizeHint()
