"""The faces on paper: which one has a character, how wide text is, and where lines break."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from consentdesk import paths
from consentdesk.printing import bidi

MM = 72 / 25.4
"""Points to the millimetre."""

_SCRIPTS = ("Arabic", "Hebrew", "Bengali", "Devanagari", "Gujarati", "Gurmukhi", "Tamil")
_ROLES = {
    "regular": (
        "AtkinsonHyperlegibleNext-Regular",
        "NotoSans-Regular",
        *(f"NotoSans{script}-Regular" for script in _SCRIPTS),
    ),
    "bold": (
        "AtkinsonHyperlegibleNext-Bold",
        "NotoSans-Bold",
        *(f"NotoSans{script}-Bold" for script in _SCRIPTS),
    ),
    "mono": ("AtkinsonHyperlegibleMono-Medium",),
    "symbol": ("NotoSansSymbols2-Scissors",),
}
# Latin, Greek and Cyrillic: without loose marks their letters stand side by side as they are.
_UNJOINED = frozenset(name for names in _ROLES.values() for name in names[:2])
_PREFIX = "ConsentDesk-"
_BREAKING = "-/\u2010\u2013\u2014"  # hyphens, dashes and strokes: a long word breaks after these first
_SHORTEST_LAST = 0.4
_PRIVATE_USE = 0xE000  # glyphs that no character names get a code from here, by glyph number


class Piece(NamedTuple):
    """Text in one face, `x` and `y` ems right of and above the start of its line."""

    font: str
    text: str
    x: float
    y: float


class SetText(NamedTuple):
    """A line of text ready to draw: its pieces, and its width in ems."""

    pieces: tuple[Piece, ...]
    width: float


class MissingGlyph(Exception):
    """No face has `character`."""

    def __init__(self, character: str) -> None:
        super().__init__(f"{character} (U+{ord(character):04X})")
        self.character = character


@cache
def _font(name: str) -> TTFont:
    font = TTFont(_PREFIX + name, str(paths.shipped("resources", "fonts", f"{name}.ttf")))
    pdfmetrics.registerFont(font)
    return font


@cache
def _shaper(name: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(_font(name).hbFace)


@cache
def _characters(name: str) -> dict[int, int]:
    """The lowest character of each glyph that a character stands for."""
    codes = sorted(_font(name).face.charToGlyph.items(), reverse=True)
    return {glyph: code for code, glyph in codes if code < _PRIVATE_USE}


def _has(name: str, character: str) -> bool:
    # What is written as a private character is no text: those codes carry shaped glyphs.
    return unicodedata.category(character) != "Co" and ord(character) in _font(name).face.charToGlyph


@cache
def _home(cluster: str, role: str) -> str:
    """The first face of `role` that has all of `cluster`, a character with the marks on it."""
    for name in _ROLES[role]:
        if all(_has(name, character) for character in cluster):
            return name
    for character in cluster:
        if not any(_has(name, character) for name in _ROLES[role]):
            raise MissingGlyph(character)
    raise MissingGlyph(cluster[-1])


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for character in text:
        joins = unicodedata.category(character).startswith("M") or character in "\u200c\u200d"
        if joins and clusters:
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def clean(text: str) -> str:
    """`text` composed (NFC), with each stretch of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=20_000)
def set_text(text: str, role: str = "regular") -> SetText:
    """`text` on one line in the faces of `role`: right-to-left runs turned, letters joined, marks placed.

    Raises `MissingGlyph` where no face has a character.
    """
    pieces: list[Piece] = []
    x = 0.0
    for run in bidi.visual_runs(clean(text)):
        x = _set_run(run.text, role, run.rightwards, pieces, x)
    return SetText(tuple(pieces), x)


def _set_run(text: str, role: str, rightwards: bool, pieces: list[Piece], x: float) -> float:
    stretches: list[tuple[str, str]] = []
    for cluster in _clusters(text):
        name = _home(cluster, role)
        if stretches and stretches[-1][0] == name:
            stretches[-1] = (name, stretches[-1][1] + cluster)
        else:
            stretches.append((name, cluster))
    for name, stretch in stretches if rightwards else reversed(stretches):
        x = _set_stretch(name, stretch, rightwards, pieces, x)
    return x


def _set_stretch(name: str, text: str, rightwards: bool, pieces: list[Piece], x: float) -> float:
    """Add `text`, all of one face and direction, from `x` ems; return where it ends."""
    marked = any(unicodedata.category(character).startswith("M") for character in text)
    if rightwards and name in _UNJOINED and not marked:
        widths = _font(name).face.charWidths
        pieces.append(Piece(_PREFIX + name, text, x, 0.0))
        return x + sum(float(widths[ord(character)]) for character in text) / 1000
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr" if rightwards else "rtl"
    shaper = _shaper(name)
    uharfbuzz.shape(shaper, buffer)
    em = shaper.face.upem
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        letter = _letter_for(name, info.codepoint)
        pieces.append(Piece(_PREFIX + name, letter, x + position.x_offset / em, position.y_offset / em))
        x += position.x_advance / em
    return x


def _letter_for(name: str, glyph: int) -> str:
    """A character that ReportLab will draw as `glyph`: its own, or one of the private ones."""
    own = _characters(name).get(glyph)
    if own is None:
        face, shaper = _font(name).face, _shaper(name)
        own = _PRIVATE_USE + glyph
        face.charToGlyph[own] = glyph
        face.charWidths[own] = shaper.get_glyph_h_advance(glyph) * 1000 / shaper.face.upem
    return chr(own)


def width(text: str, role: str, size: float) -> float:
    """Width of `text` in mm at `size` points."""
    return set_text(text, role).width * size / MM


def missing_glyph(text: str, role: str = "regular") -> str | None:
    """The first character of `text` that no face of `role` has, or None."""
    try:
        set_text(text, role)
    except MissingGlyph as missing:
        return missing.character
    return None


def wrap(text: str, role: str, size: float, room: float) -> tuple[str, ...]:
    """`text` in lines at most `room` mm wide: broken at spaces, and within a word only if need be."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined, role, size) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, role, size) > room:
            head, line = _break_word(line, role, size, room)
            lines.append(head)
    return (*lines, line) if line else tuple(lines)


def wrap_evenly(text: str, role: str, size: float, room: float) -> tuple[str, ...]:
    """As `wrap`, but with no last word alone: the lines above give up some of theirs."""
    lines = wrap(text, role, size, room)
    tight = room
    while len(lines) > 1 and width(lines[-1], role, size) < _SHORTEST_LAST * room:
        tight *= 0.96
        tighter = wrap(text, role, size, tight)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


def _break_word(word: str, role: str, size: float, room: float) -> tuple[str, str]:
    clusters = _clusters(word)
    fits = 1
    while fits < len(clusters) and width("".join(clusters[: fits + 1]), role, size) <= room:
        fits += 1
    hyphens = [at for at in range(1, fits + 1) if clusters[at - 1] in _BREAKING]
    cut = hyphens[-1] if hyphens else fits
    return "".join(clusters[:cut]), "".join(clusters[cut:])
