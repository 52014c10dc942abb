"""The look: contrast of every pair of colours, shapes that differ in grey, sizes from the font, icons all there."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from consentdesk import paths
from consentdesk.desktop.look import appearance, colours, signs
from consentdesk.desktop.look.appearance import Appearance, System
from consentdesk.desktop.look.colours import DARK, LIGHT, Colours, colours_in, palette_of
from consentdesk.desktop.look.icons import paint_icon
from consentdesk.desktop.look.type import LARGEST, SMALLEST, Size, body_font, row_height, sized, step
from consentdesk.desktop.places import PAGES
from consentdesk.model.consent import StatusWord

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
ICONS = paths.shipped("resources", "icons")
PACKAGE = Path(colours.__file__).parents[1]


@THEMES
def test_every_pair_of_colours_can_be_told_apart(theme: Colours) -> None:
    too_close = {
        pair.what: round(colours.contrast(pair.front, pair.ground), 2)
        for pair in colours.pairs(theme)
        if colours.contrast(pair.front, pair.ground) < pair.least
    }
    assert too_close == {}


@THEMES
def test_every_text_colour_is_in_a_pair(theme: Colours) -> None:
    met = {colour for pair in colours.pairs(theme) for colour in (pair.front, pair.ground)}
    # Hairlines part what space parts already, and what is disabled need not be read (WCAG 1.4.3, 1.4.11).
    free = {theme.hairline, theme.disabled}
    used = {value for name in colours.names() for value in _values(theme, name)}
    assert used - free <= met


def _values(theme: Colours, name: str) -> tuple[str, ...]:
    value = getattr(theme, name)
    return (value,) if isinstance(value, str) else tuple(value)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_measured_as_wcag_does(first: str, second: str, expected: float) -> None:
    assert round(colours.contrast(first, second), 2) == expected
    assert colours.contrast(first, second) == colours.contrast(second, first)


@THEMES
def test_a_palette_says_which_theme_it_carries(theme: Colours) -> None:
    assert colours_in(palette_of(theme)) == theme


def test_high_contrast_uses_the_systems_colours_alone(system: System) -> None:
    ink, ground, mark = "#ffff00", "#000000", "#00ffff"
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, ground),
        (QPalette.ColorRole.WindowText, ink),
        (QPalette.ColorRole.Highlight, mark),
        (QPalette.ColorRole.HighlightedText, ground),
    ):
        palette.setColor(role, QColor(colour))
    theirs = colours.from_system(palette)
    used = {value for name in colours.names() for value in _values(theirs, name)}
    assert used == {ink, ground, mark}


def test_a_wish_for_high_contrast_drops_our_palette(
    system: System, dressed: Callable[[Appearance], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appearance, "wants_high_contrast", lambda _app: True)
    dressed(Appearance(theme="dark"))
    worn = colours_in(QApplication.palette())
    assert worn not in (LIGHT, DARK)
    assert worn.window == system.palette.color(QPalette.ColorRole.Window).name()


def drawn_in_grey(name: str) -> QImage:
    """An icon as a colour-blind printer would show it, 48 px wide."""
    picture = QImage(48, 48, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    painter = QPainter(picture)
    paint_icon(painter, QRectF(0, 0, 48, 48), name, "#000000")
    painter.end()
    return picture


def share_that_differs(first: QImage, second: QImage) -> float:
    ones, others = (bytes(picture.constBits()) for picture in (first, second))
    inked = sum(one < 128 or other < 128 for one, other in zip(ones, others, strict=True))
    return sum(abs(one - other) > 128 for one, other in zip(ones, others, strict=True)) / inked


def test_the_shapes_of_different_words_differ_in_grey(system: System) -> None:
    words = {signs.sign_of(status).word: signs.sign_of(status).shape for status in StatusWord}
    shapes = [*set(words.values()), signs.only_for("print").shape]
    assert len(shapes) == len(words) + 1, "every word has a shape of its own"
    pictures = {shape: drawn_in_grey(shape) for shape in shapes}
    too_like = {
        (one, other): round(share_that_differs(pictures[one], pictures[other]), 2)
        for one, other in combinations(pictures, 2)
        if share_that_differs(pictures[one], pictures[other]) < 0.15
    }
    assert too_like == {}


def test_only_a_plain_yes_is_quiet() -> None:
    quiet = {status for status in StatusWord if signs.sign_of(status).quiet}
    assert quiet == {StatusWord.YES}
    assert not signs.sign_of(StatusWord.YES, "website only").quiet


def test_a_restriction_reads_as_a_plain_no() -> None:
    assert signs.sign_of(StatusWord.RESTRICTED) == signs.sign_of(StatusWord.NO)


def test_ours_is_the_face_on_screen(system: System) -> None:
    assert "Inter" in QFontDatabase.families()
    assert QApplication.font().families()[0] == "Inter"


@pytest.mark.parametrize("points", [SMALLEST, 10, 12, LARGEST])
def test_the_grid_grows_with_the_text(points: int, dressed: Callable[[Appearance], None]) -> None:
    dressed(Appearance(theme="light", text_size=points))
    assert QApplication.font().pointSizeF() == points
    assert abs(step(1) - 8 * points / 10) <= 1
    assert row_height() >= 40
    assert [round(sized(size).pointSizeF() / points, 2) for size in Size] == [0.9, 1.0, 1.3, 1.6]


@pytest.mark.parametrize(("wanted", "given"), [(6.0, 9.0), (11.0, 11.0), (30.0, 18.0)])
def test_a_systems_size_out_of_range_is_brought_into_it(wanted: float, given: float) -> None:
    system_font = QFont()
    system_font.setPointSizeF(wanted)
    assert body_font(system_font, None).pointSizeF() == given


def test_every_icon_of_a_page_or_a_status_is_there() -> None:
    shipped = {file.stem for file in ICONS.glob("*.svg")}
    assert {room.icon for room in PAGES} <= shipped
    assert set(signs.all_shapes().values()) | {signs.only_for("print").shape} <= shipped


def test_every_icon_that_ships_is_used() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    named = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)*)"', code))
    assert {file.stem for file in ICONS.glob("*.svg")} <= named


def test_every_icon_can_be_tinted() -> None:
    fixed = {"arrow-down", "arrow-up", "tick-black", "tick-white"}
    for file in ICONS.glob("*.svg"):
        assert ("currentColor" in file.read_text(encoding="utf-8")) is (file.stem not in fixed)


def test_what_is_kept_of_the_look_comes_back() -> None:
    wanted = Appearance(theme="dark", text_size=14, geometry=(1, 2, 900, 700), letter_keys=False)
    appearance.save(wanted)
    assert appearance.load() == wanted


@pytest.mark.parametrize("kept", [b"", b"{", b'{"theme": "pink"}', b'{"text_size": "big"}'])
def test_a_spoiled_file_of_the_look_costs_the_look_alone(kept: bytes) -> None:
    paths.make_private_folder(paths.computer_folder())
    (paths.computer_folder() / "window.json").write_bytes(kept)
    assert appearance.load() == Appearance()


def test_a_size_that_is_no_size_of_ours_is_forgotten() -> None:
    appearance.save(Appearance(theme="dark", text_size=99))
    assert appearance.load() == Appearance(theme="dark")
