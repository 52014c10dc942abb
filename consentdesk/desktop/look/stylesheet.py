"""The one style sheet, made from colours and grid; widgets name their part by the property `kind`."""

from __future__ import annotations

from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont

from consentdesk import paths
from consentdesk.desktop.look.colours import TONES, Colours, Tone
from consentdesk.desktop.look.type import Size, place_height, step

_RULES: Final = Template("""
* { font-size: $body; }
QWidget { color: $text; }
QMainWindow, QDialog, QWidget#ground { background: $window; }
QToolTip { background: $text; color: $card; border: 0; padding: ${half}px; }
QLabel { background: transparent; }
QLabel[kind="title"] { font-size: $title; font-weight: 600; }
QLabel[kind="heading"] { font-size: $heading; font-weight: 600; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="quiet"] { color: $quiet; }
QLabel[kind="small"] { font-size: $small; color: $quiet; }
QLabel[kind="label"] { font-weight: 600; }
QLabel[kind="error"] { color: $no_ink; }
QLabel[kind="figure"] { font-size: $title; font-weight: 600; }
QLabel[kind="code"] { font-family: monospace; font-size: $heading; }
QLabel:disabled { color: $disabled; }
QLabel:focus { border: 2px solid $focus; border-radius: ${quarter}px; }

QFrame[kind="card"] { background: $card; border: 1px solid $hairline; border-radius: ${one}px; }
QFrame[kind="line"] { background: $hairline; border: 0; }
QFrame[kind="drop"] { background: $card; border: 2px dashed $edge; border-radius: ${one}px; }
QFrame[kind="drop"][over="true"] { background: $chosen; border-color: $accent; }
QFrame[kind="rail"] { background: $rail; border: 0; border-right: 1px solid $hairline; }
QFrame[kind="toast"] { background: $text; border: 0; border-radius: ${one}px; }
QFrame[kind="toast"] QLabel { color: $card; }

QPushButton {
    background: $card; color: $text; border: 1px solid $edge; border-radius: ${one}px;
    padding: ${half}px ${two}px; min-height: ${button}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $chosen; }
QPushButton:focus { border: 2px solid $focus; padding: ${half_less}px ${two_less}px; }
QPushButton:disabled { color: $disabled; border-color: $hairline; background: $card; }
QPushButton[kind="filled"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="filled"]:hover, QPushButton[kind="filled"]:pressed {
    background: $accent_over; border-color: $accent_over;
}
QPushButton[kind="filled"]:focus { border-color: $text; }
QPushButton[kind="filled"]:disabled { background: $hairline; border-color: $hairline; color: $quiet; }
QPushButton[kind="link"] {
    background: transparent; color: $accent; border: 2px solid transparent; padding: ${half}px 0; text-align: left;
    border-radius: ${quarter}px;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $focus; padding: ${half}px 0; }
QPushButton[kind="link"]:disabled { color: $disabled; }
QPushButton[kind="bare"] { background: transparent; border: 1px solid transparent; padding: ${half}px; }
QPushButton[kind="bare"]:hover { background: $hover; }
QPushButton[kind="bare"]:focus { border: 2px solid $focus; padding: ${half_less}px; }
QPushButton[kind="filter"]:checked { background: $chosen; color: $on_chosen; border-color: $accent; font-weight: 600; }
QPushButton[kind="place"] {
    background: transparent; border: 2px solid transparent; border-radius: ${three_quarters}px; text-align: left;
    padding: 0 ${one}px; min-height: ${place}px;
}
QPushButton[kind="place"]:hover { background: $hover; }
QPushButton[kind="place"]:checked { background: $chosen; color: $on_chosen; font-weight: 600; }
QPushButton[kind="place"]:focus { border-color: $focus; }
QPushButton[kind="answer"] { text-align: left; min-height: ${answer}px; padding: 0 ${two}px; }
QPushButton[kind="answer"]:focus { padding: 0 ${two_less}px; }
QPushButton[kind="toast"] {
    background: transparent; color: $card; border: 1px solid transparent; font-weight: 600;
    padding: ${quarter}px ${one}px;
}
QPushButton[kind="toast"]:hover { text-decoration: underline; }
QPushButton[kind="toast"]:focus { border-color: $card; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QSpinBox {
    background: $card; color: $text; border: 1px solid $edge; border-radius: ${three_quarters}px;
    padding: ${half}px ${one}px; selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $quiet;
}
QLineEdit, QComboBox, QDateEdit, QSpinBox { min-height: ${button}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {
    border: 2px solid $focus; padding: ${half_less}px ${one_less}px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QDateEdit:disabled, QSpinBox:disabled {
    color: $disabled; border-color: $hairline; background: $window;
}
*[wrong="true"] { border-color: $no_ink; }
QLineEdit[kind="search"] { padding-left: ${four_half}px; }
QComboBox { combobox-popup: 0; }
QComboBox::down-arrow, QDateEdit::down-arrow, QSpinBox::down-arrow {
    image: url("$arrow_down"); width: ${two}px; height: ${two}px;
}
QSpinBox::up-arrow { image: url("$arrow_up"); width: ${two}px; height: ${two}px; }
QComboBox::drop-down, QDateEdit::drop-down { border: 0; width: ${three}px; }
QComboBox QAbstractItemView {
    background: $card; border: 1px solid $edge; border-radius: 0; padding: ${quarter}px; outline: 0;
    selection-background-color: $chosen; selection-color: $on_chosen;
}
QSpinBox::up-button, QSpinBox::down-button { border: 0; width: ${three}px; background: transparent; }

QCheckBox, QRadioButton {
    spacing: ${one}px; min-height: ${button}px; border: 2px solid transparent; border-radius: ${half}px;
    padding: 0; background: transparent;
}
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: ${two}px; height: ${two}px; border: ${line}px solid $edge; background: $card;
}
QCheckBox::indicator, QAbstractItemView::indicator { border-radius: ${half}px; }
QRadioButton::indicator { border-radius: ${round}px; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$tick");
}
QRadioButton::indicator:checked {
    border-color: $accent;
    background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
        stop: 0 $accent, stop: 0.5 $accent, stop: 0.6 $card, stop: 1 $card);
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $disabled; background: $window; }
QCheckBox::indicator:checked:disabled { background: $disabled; }

QTableView {
    background: $card; border: 1px solid $hairline; border-radius: ${one}px; outline: 0; gridline-color: transparent;
    selection-background-color: $chosen; selection-color: $on_chosen; padding: ${half}px;
}
QTableView:focus { border: 2px solid $focus; padding: ${half_less}px; }
QFrame[kind="card"] QTableView { border: 0; border-radius: 0; background: transparent; }
QFrame[kind="card"] QTableView:focus { border: 2px solid $focus; }
QHeaderView { background: $card; border: 0; }
QHeaderView::section {
    background: $card; color: $quiet; border: 0; border-bottom: 1px solid $hairline; font-weight: 600;
    padding: 0 ${one}px; text-align: left;
}
QListView, QListWidget {
    background: $card; border: 1px solid $hairline; border-radius: ${one}px; outline: 0; padding: ${half}px;
    selection-background-color: $chosen; selection-color: $on_chosen;
}
QListView:focus { border: 2px solid $focus; }

QScrollArea { background: transparent; border: 0; }
QScrollArea[kind="reading"]:focus { border: 2px solid $focus; border-radius: ${half}px; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: ${bar}px; margin: ${quarter}px ${eighth}px; }
QScrollBar:horizontal { background: transparent; height: ${bar}px; margin: ${eighth}px ${quarter}px; }
QScrollBar::handle { background: $handle; border-radius: ${bar_round}px; min-height: ${four}px; min-width: ${four}px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $hairline; border: 0; border-radius: ${progress_round}px; min-height: ${progress}px;
    max-height: ${progress}px; }
QProgressBar::chunk { background: $accent; border-radius: ${progress_round}px; }

QMenu { background: $card; border: 1px solid $edge; padding: ${half}px; }
QMenu::item { padding: ${half}px ${two}px; border-radius: ${half}px; }
QMenu::item:selected { background: $chosen; color: $on_chosen; }
""")

_MIDDLE: Final = 0.5

_BANNER: Final = Template("""
QFrame[kind="banner"][tone="$name"] { background: $tint; border: $line; border-radius: ${one}px; }
QFrame[kind="banner"][tone="$name"] QLabel { color: $ink; }
QFrame[kind="banner"][tone="$name"] QPushButton[kind="link"] { color: $ink; text-decoration: underline; }
""")


def style_sheet(colours: Colours, body: QFont) -> str:
    """The style sheet for these colours and this size of text, which must be the application's font already."""
    points = body.pointSizeF()
    steps = {
        "eighth": 0.125, "quarter": 0.25, "half": 0.5, "three_quarters": 0.75, "one": 1, "two": 2, "three": 3,
        "four": 4, "four_half": 4.5, "button": 2.75, "answer": 5.5, "bar": 1.25,
    }  # fmt: skip
    measures = {name: step(count) for name, count in steps.items()}
    plain = {
        name: value for name, value in vars(colours).items() if isinstance(value, str) and name not in TONES
    }
    tones: dict[str, Tone] = {name: getattr(colours, name) for name in TONES}
    sheet = _RULES.substitute(
        plain,
        **{key: str(value) for key, value in measures.items()},
        half_less=str(measures["half"] - 1),
        one_less=str(measures["one"] - 1),
        two_less=str(measures["two"] - 1),
        place=str(place_height() - 4),
        bar_round=str(max(1, (measures["bar"] - 2 * measures["eighth"]) // 2)),
        progress=str(step(0.75)),
        progress_round=str(step(0.75) // 2),
        arrow_down=_file("arrow-down"),
        arrow_up=_file("arrow-up"),
        tick=_file("tick-black" if QColor(colours.on_accent).lightnessF() < _MIDDLE else "tick-white"),
        line=str(step(0.2)),
        round=str(step(2) // 2 + step(0.2)),
        handle=colours.edge if colours.hairline == colours.text else colours.hairline,
        no_ink=colours.no.ink,
        small=_points(points, Size.SMALL),
        body=_points(points, Size.BODY),
        heading=_points(points, Size.HEADING),
        title=_points(points, Size.TITLE),
    )
    for name, tone in tones.items():
        line = f"1px solid {tone.ink}" if tone.tint == colours.window else "0"
        sheet += _BANNER.substitute(name=name, ink=tone.ink, tint=tone.tint, line=line, one=str(step()))
    return sheet


def _file(icon: str) -> str:
    return paths.shipped("resources", "icons", f"{icon}.svg").as_posix()


def _points(points: float, size: Size) -> str:
    return f"{points * size.value:.2f}pt"
