"""The colours: light, dark, or the system's own where it asks for high contrast."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QPalette


class Tone(NamedTuple):
    """A status colour: `ink` for word and shape, `tint` behind them."""

    ink: str
    tint: str


@dataclass(frozen=True)
class Colours:
    """Every colour of the window as `#rrggbb`: three greys to stand on, hairlines, one accent, status tones.

    `window`, `rail` and `card` are surfaces; `quiet` is text that steps back; `edge` outlines what can be
    operated; `hover` lies under the pointer; `chosen` marks the selected row or page. Which colours meet is
    said in `pairs`.
    """

    dark: bool
    window: str
    rail: str
    card: str
    hairline: str
    text: str
    quiet: str
    edge: str
    hover: str
    accent: str
    accent_over: str
    on_accent: str
    chosen: str
    on_chosen: str
    focus: str
    disabled: str
    yes: Tone
    no: Tone
    open: Tone
    ask: Tone
    limited: Tone
    plain: Tone


LIGHT: Final = Colours(
    dark=False,
    window="#f6f7f9",
    rail="#eef1f4",
    card="#ffffff",
    hairline="#dde2e8",
    text="#1b2430",
    quiet="#566270",
    edge="#7a8592",
    hover="#e9edf1",
    accent="#1f5fc0",
    accent_over="#174d9f",
    on_accent="#ffffff",
    chosen="#e3edfb",
    on_chosen="#12315f",
    focus="#1f5fc0",
    disabled="#8d97a2",
    yes=Tone("#1b6b3a", "#e2f3e8"),
    no=Tone("#a32020", "#fce8e6"),
    open=Tone("#7a4b00", "#fdf1d8"),
    ask=Tone("#5b3a9e", "#eee8fa"),
    limited=Tone("#0a5767", "#dcf1f5"),
    plain=Tone("#4c5866", "#eef1f4"),
)

DARK: Final = Colours(
    dark=True,
    window="#16191d",
    rail="#22272d",
    card="#1e2227",
    hairline="#343b44",
    text="#e8ebef",
    quiet="#a5b0bc",
    edge="#7b8794",
    hover="#2b3139",
    accent="#8ab4f8",
    accent_over="#a9c8fb",
    on_accent="#0b1f3f",
    chosen="#24364f",
    on_chosen="#dce9ff",
    focus="#8ab4f8",
    disabled="#6f7a86",
    yes=Tone("#8edba8", "#16331f"),
    no=Tone("#ffb0a8", "#3b1b1a"),
    open=Tone("#f4cc7f", "#35290f"),
    ask=Tone("#cdb8ff", "#2b2144"),
    limited=Tone("#8fd8e6", "#0f3138"),
    plain=Tone("#b6c0ca", "#2b3139"),
)

TONES: Final = ("yes", "no", "open", "ask", "limited", "plain")


def from_system(palette: QPalette) -> Colours:
    """The system's own colours, for high contrast: no tints, hairlines as strong as text."""

    def name(role: QPalette.ColorRole) -> str:
        return palette.color(QPalette.ColorGroup.Active, role).name()

    role = QPalette.ColorRole
    ground, text = name(role.Window), name(role.WindowText)
    tone = Tone(text, ground)
    return Colours(
        dark=QColor(ground).lightnessF() < QColor(text).lightnessF(),
        window=ground,
        rail=ground,
        card=ground,
        hairline=text,
        text=text,
        quiet=text,
        edge=text,
        hover=ground,
        accent=name(role.Highlight),
        accent_over=name(role.Highlight),
        on_accent=name(role.HighlightedText),
        chosen=name(role.Highlight),
        on_chosen=name(role.HighlightedText),
        focus=name(role.Highlight),
        disabled=text,
        **dict.fromkeys(TONES, tone),
    )


def palette_of(colours: Colours) -> QPalette:
    """The palette that carries these colours to every widget, and says which ones they are: see `colours_in`."""
    palette = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for where, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.card),
        (role.AlternateBase, colours.rail),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.quiet),
        (role.Button, colours.card),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.on_accent),
        (role.Highlight, colours.chosen),
        (role.HighlightedText, colours.on_chosen),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.text),
        (role.ToolTipText, colours.card),
        (role.Light, colours.card),
        (role.Midlight, colours.hairline),
        (role.Mid, colours.edge),
        (role.Dark, colours.edge),
        (role.Shadow, colours.hairline),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, where, QColor(colours.disabled))
    return palette


def colours_in(palette: QPalette) -> Colours:
    """The colours that a widget's palette carries. Ask when painting: they change while the program runs."""
    # Told by the role that no rule of a style sheet touches: a ground or a text may differ from widget to widget.
    edge = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Mid).name()
    for known in (LIGHT, DARK):
        if edge == known.edge:
            return known
    return from_system(palette)


class Pair(NamedTuple):
    """Two colours that meet, and how far apart they must be (WCAG 2.2: text 4.5, controls and focus 3)."""

    what: str
    front: str
    ground: str
    least: float


TEXT, CONTROL = 4.5, 3.0


def pairs(colours: Colours) -> tuple[Pair, ...]:
    """Every pair of colours that the window uses upon each other."""
    surfaces = {name: getattr(colours, name) for name in ("window", "rail", "card")}
    found = [
        Pair(f"{front} on {name}", getattr(colours, front), ground, least)
        for name, ground in surfaces.items()
        for front, least in (("text", TEXT), ("quiet", TEXT), ("edge", CONTROL), ("focus", CONTROL))
    ]
    found += [Pair(f"accent on {name}", colours.accent, ground, TEXT) for name, ground in surfaces.items()]
    found += [
        Pair("on_accent on accent", colours.on_accent, colours.accent, TEXT),
        Pair("on_accent on accent_over", colours.on_accent, colours.accent_over, TEXT),
        Pair("on_chosen on chosen", colours.on_chosen, colours.chosen, TEXT),
        Pair("quiet on chosen", colours.quiet, colours.chosen, TEXT),
        Pair("text on hover", colours.text, colours.hover, TEXT),
        Pair("quiet on hover", colours.quiet, colours.hover, TEXT),
        Pair("focus on chosen", colours.focus, colours.chosen, CONTROL),
        Pair("tooltip", colours.card, colours.text, TEXT),
    ]
    for name in TONES:
        tone: Tone = getattr(colours, name)
        found.append(Pair(f"{name} ink on its tint", tone.ink, tone.tint, TEXT))
        found += [
            Pair(f"{name} ink on {surface}", tone.ink, ground, TEXT) for surface, ground in surfaces.items()
        ]
        found.append(Pair(f"{name} ink on chosen", tone.ink, colours.chosen, TEXT))
        found.append(Pair(f"{name} text on tint", colours.text, tone.tint, TEXT))
    return tuple(found)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours as `#rrggbb`, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of sRGB itself
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def names() -> tuple[str, ...]:
    """The names of all colours, tones included."""
    return tuple(field.name for field in fields(Colours) if field.name != "dark")
