"""How today's slips were done with, counted one batch after the other so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from consentdesk.desktop.desk import Desk
from consentdesk.services.waiting import DoneIn, done_in


class DoneToday(QObject):
    """`counted` when the sum is known; it stands in `sum`, None until then."""

    counted = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wanted: list[int] = []
        self.sum: DoneIn | None = None

    def count(self, batches: Sequence[int]) -> None:
        """Count the slips of these batches; a count that is under way is given up."""
        self._wanted = list(batches)
        self._next(self._wanted, DoneIn(0, 0, 0))

    def _next(self, batches: list[int], so_far: DoneIn) -> None:
        if not batches:
            self.sum = so_far
            self.counted.emit()
            return
        number = batches.pop()
        self._desk.ask(
            self, lambda office: done_in(office, number), lambda found: self._add(batches, so_far, found)
        )

    def _add(self, batches: list[int], so_far: DoneIn, found: DoneIn) -> None:
        # A later look has begun to count anew.
        if batches is self._wanted:
            self._next(batches, DoneIn(*map(sum, zip(so_far, found, strict=True))))
