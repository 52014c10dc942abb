"""One window a user: a second start rings at the first one's door instead of opening another."""

from __future__ import annotations

import hashlib
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from consentdesk import paths

_WAIT_MS: Final = 500


class Doorbell(QObject):
    """A socket of this computer alone, named for the user's own data folder. `rung` when somebody else starts."""

    rung = Signal()

    def __init__(self) -> None:
        super().__init__()
        own = str(paths.computer_folder().resolve()).encode()
        self._name = f"consentdesk-{hashlib.sha256(own).hexdigest()[:16]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def somebody_is_home(self) -> bool:
        """Ring; where nobody answers, listen from now on. Where neither can be done the window opens all the same."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_WAIT_MS):
            socket.disconnectFromServer()
            return True
        # What a crash left behind keeps nobody out.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return False

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _answer(self) -> None:
        caller = self._server.nextPendingConnection()
        if caller is not None:
            caller.deleteLater()
            self.rung.emit()
