"""The reader's worker processes, kept from scan to scan for as long as an office is open."""

from __future__ import annotations

from consentdesk.scanning.batch import Reader


class KeptReader:
    """Starts the workers when they are first needed, which takes about a second, and ends them when it is closed.

    For one office alone: the workers know the forms that it has printed.
    """

    def __init__(self, workers: int | None = None) -> None:
        """`workers` are processes, by default one a core."""
        self._workers = workers
        self._reader: Reader | None = None

    def get(self) -> Reader:
        """The reader, started by now."""
        if self._reader is None:
            self._reader = Reader(workers=self._workers)
        return self._reader

    def close(self) -> None:
        """End the workers; harmless where none were started."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
