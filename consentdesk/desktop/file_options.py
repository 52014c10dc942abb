"""In what kind of file a list leaves the program, where to, and whether it is locked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QFileDialog, QFrame, QVBoxLayout

from consentdesk.desktop.choices import Choice
from consentdesk.desktop.look.signs import Sign, SignLabel
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import column, row
from consentdesk.desktop.pieces.fields import PasswordField, PathField, all_right
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr
from consentdesk.services.export import Kind
from consentdesk.services.office import SHORTEST_PASSWORD

_KINDS: Final[dict[Kind, str]] = {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV"}
_FILTERS: Final[dict[Kind, str]] = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)", "csv": "CSV (*.csv)"}

_TOGETHER: Final = 72


class Target(NamedTuple):
    """Where the list goes, and the password that locks it, if any."""

    file: Path
    password: str | None


class FileOptions(QFrame):
    """A card with the kinds of file, the place, and the lock with its warning."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._named = ""
        self._folder = Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        group = QButtonGroup(self)
        self.kinds: dict[Kind, Button] = {}
        for kind, words in _KINDS.items():
            button = Button(words, kind="filter")
            button.setCheckable(True)
            group.addButton(button)
            self.kinds[kind] = button
        self.kinds["pdf"].setChecked(True)
        self.file = PathField(tr("Where to"), self._pick, check=self._check_file)
        self.lock = Choice(tr("Lock it with a password"))
        self.open_sign = SignLabel(Sign("", "eye", "open"))
        self.password = PasswordField(tr("Password of the file"), check=_check_password)
        self.again = PasswordField(tr("The same again"), check=self._check_again)
        self._compose()
        self.lock.toggled.connect(self._show_lock)
        for button in self.kinds.values():
            button.toggled.connect(self._chose_kind)
        self._show_lock()

    @property
    def kind(self) -> Kind:
        """The kind of file."""
        return next(kind for kind, button in self.kinds.items() if button.isChecked())

    @property
    def locked(self) -> bool:
        """Whether the file will be locked."""
        return self.lock.on and self.kind != "csv"

    def target(self) -> Target | None:
        """Where to, checked; None where something is wrong, which is said beside its field."""
        fields = (self.file, self.password, self.again) if self.locked else (self.file,)
        if not all_right(*fields) or self.file.path is None:
            return None
        return Target(self.file.path, self.password.value if self.locked else None)

    def name_file(self, whose: str, day: date) -> None:
        """Propose a name after class and day, unless somebody has typed one; a pupil's name never stands in it."""
        self._folder = self.file.path.parent if self.file.path else self._folder
        if not self.file.value or self.file.value == self._named:
            stem = tr("consent list {whose} {day}").format(whose=whose.replace("/", "-"), day=day)
            self._named = str(self._folder / f"{stem}.{self.kind}")
            self.file.set_value(self._named)

    def forget_password(self) -> None:
        """Empty the fields of the password."""
        for field in (self.password, self.again):
            field.hide_password()
            field.set_value("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= step(_TOGETHER)
        for parts in (self._first, self._second):
            parts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _compose(self) -> None:
        kinds = column(text(tr("Kind of file"), "label", wraps=False), row(*self.kinds.values()), gap=0.5)
        kinds.addStretch(1)
        across = QBoxLayout.Direction.LeftToRight
        self._first, self._second = QBoxLayout(across), QBoxLayout(across)
        set_spacing(self._first, gap=2)
        set_spacing(self._second, gap=2)
        self._first.addLayout(kinds)
        self._first.addWidget(self.file, 1, Qt.AlignmentFlag.AlignTop)
        self._second.addWidget(self.lock, 1, Qt.AlignmentFlag.AlignTop)
        self._second.addWidget(self.open_sign)
        self._second.addWidget(self.password, 1, Qt.AlignmentFlag.AlignTop)
        self._second.addWidget(self.again, 1, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2.5, 2, 2.5, 1.5), gap=1)
        layout.addLayout(self._first)
        layout.addLayout(self._second)

    def _show_lock(self, *_what: object) -> None:
        can = self.kind != "csv"
        self.lock.box.setEnabled(can)
        self.lock.say_more(
            tr("Nobody can open it without the password, not even you.") if self.locked else ""
        )
        for field in (self.password, self.again):
            field.setVisible(self.locked)
        words = (
            tr("Not locked: whoever holds the file can read it")
            if can
            else tr("A CSV file cannot be locked: whoever holds it can read it")
        )
        self.open_sign.show_sign(Sign(words, "eye", "open"))
        self.open_sign.setVisible(not self.locked)

    def _chose_kind(self, down: bool) -> None:
        if not down:
            return
        self._show_lock()
        self.file.say_wrong("")
        path = self.file.path
        if path is not None and path.suffix.lower().removeprefix(".") in _KINDS:
            own = self.file.value == self._named
            self.file.set_value(str(path.with_suffix(f".{self.kind}")))
            self._named = self.file.value if own else self._named

    def _pick(self, _parent: object) -> Path | None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self, tr("Where to write it"), self.file.value, tr(_FILTERS[self.kind])
        )
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(f".{self.kind}")

    def _check_file(self, typed: str) -> str:
        if not typed.strip():
            return tr("Say where the list shall go.")
        path = Path(typed.strip()).expanduser()
        if path.suffix.lower() != f".{self.kind}":
            return tr("The name of this kind of file ends in .{kind}.").format(kind=self.kind)
        if not path.is_absolute():
            return tr("Say the folder too, or choose it.")
        return ""

    def _check_again(self, typed: str) -> str:
        return "" if typed == self.password.value else tr("The two passwords differ.")


def _check_password(typed: str) -> str:
    if len(typed) < SHORTEST_PASSWORD:
        return tr("At least {count} characters; three unrelated words are easy to remember.").format(
            count=SHORTEST_PASSWORD
        )
    return ""
