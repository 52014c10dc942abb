"""How this computer shows the window: theme, size of text, where the window stood. No name of a child is kept here."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessibilityHints, QFont, QPalette
from PySide6.QtWidgets import QApplication

from consentdesk import paths
from consentdesk.desktop.look.colours import DARK, LIGHT, from_system, palette_of
from consentdesk.desktop.look.stylesheet import style_sheet
from consentdesk.desktop.look.type import LARGEST, SMALLEST, body_font

Theme = Literal["system", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("system", "light", "dark")
IDLE_MINUTES: Final = 10


class Appearance(msgspec.Struct, frozen=True):
    """What this computer remembers of the window.

    `text_size` is in points, None for the system's. `geometry` is left, top, width, height in px. `school` is
    the school's name for the unlock screen, which is drawn before anything can be decrypted. `letter_keys` are
    the single-letter keys of review. `idle_minutes` without a key or a touch lock the window.
    """

    theme: Theme = "system"
    text_size: int | None = None
    geometry: tuple[int, int, int, int] | None = None
    maximised: bool = False
    letter_keys: bool = True
    idle_minutes: int = IDLE_MINUTES
    school: str = ""


def load() -> Appearance:
    """What was kept; the defaults where nothing was, or it cannot be read."""
    try:
        kept = msgspec.json.decode(_file().read_bytes(), type=Appearance)
    except (OSError, msgspec.DecodeError):
        return Appearance()
    size = kept.text_size
    if size is not None and not SMALLEST <= size <= LARGEST:
        return msgspec.structs.replace(kept, text_size=None)
    return kept


def save(appearance: Appearance) -> None:
    """Keep it for the next start. Raises `KnownError` where the folder cannot be written."""
    paths.make_private_folder(paths.computer_folder())
    with paths.write_whole(_file()) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(appearance)))


class System:
    """The system's own font and colours, noted before ours take their place."""

    def __init__(self, app: QApplication) -> None:
        self.font: QFont = QFont(app.font())
        self.palette: QPalette = QPalette(app.palette())


def put_on(app: QApplication, system: System, appearance: Appearance) -> None:
    """Dress the whole program: font, colours, style sheet. Also right a second time, with another appearance."""
    colours = LIGHT
    if wants_high_contrast(app):
        colours = from_system(system.palette)
    elif appearance.theme == "dark" or (
        appearance.theme == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    ):
        colours = DARK
    font = body_font(system.font, appearance.text_size)
    app.setStyle("Fusion")
    app.setFont(font)
    app.setPalette(palette_of(colours))
    app.setStyleSheet(style_sheet(colours, font))


def wants_high_contrast(app: QApplication) -> bool:
    """Whether the system asks for high contrast: then its colours are used, not ours."""
    style = app.styleHints()  # held, since the hints that it lends go with it
    wanted: bool = style.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    return wanted


def hints(app: QApplication) -> QAccessibilityHints:
    """What tells when the system's wish for contrast changes."""
    return app.styleHints().accessibility()


def _file() -> Path:
    return paths.computer_folder() / "window.json"
