"""What a command says: lines for people on standard output, or JSON alone."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
import typer

from consentdesk import paths

STANDARD = Path("-")

JsonOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Write the result as JSON; - for standard output."),
]

_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def new_app() -> typer.Typer:
    """The Typer application of one room, with the looks that all rooms share."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def counted(number: int, what: str, more: str = "") -> str:
    """A number and what it counts: `1 slip`, `2 slips`; `more` is the plural where it is not made with s."""
    return f"{number} {what}" if number == 1 else f"{number} {more or what + 's'}"


def plain(text: str) -> str:
    """`text` without what a terminal would obey: control characters and marks that turn the writing round."""
    return "".join(
        "\ufffd" if unicodedata.category(letter) == "Cc" or letter in _TURNS else letter for letter in text
    )


class Output:
    """Where one command speaks. With JSON on standard output nothing else goes there."""

    def __init__(self, json_file: Path | None = None) -> None:
        self._json_file = json_file

    def say(self, *lines: str) -> None:
        """Print lines for people, unless standard output is for JSON."""
        if self._json_file != STANDARD:
            for line in lines:
                print(plain(line))

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Print rows in columns as wide as their widest cell; the last column runs on."""
        cells = [[plain(cell) for cell in row] for row in rows]
        if not cells or self._json_file == STANDARD:
            return
        widths = [max(_width(row[at]) for row in cells) for at in range(len(cells[0]))]
        for row in cells:
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            print("  ".join(padded).rstrip())

    def json(self, result: object) -> None:
        """Write `result` as JSON where that was asked for. Raises `KnownError` where the file cannot be written."""
        if self._json_file is not None:
            write_json(self._json_file, result)


def write_json(target: Path, result: object) -> None:
    """Write `result` as JSON to a file, whole or not at all, or to standard output for `-`."""
    data = msgspec.json.format(msgspec.json.encode(result)) + b"\n"
    if target == STANDARD:
        sys.stdout.flush()
        sys.stdout.write(data.decode())
        return
    with paths.write_whole(target) as part:
        part.write_bytes(data)


def warn(*lines: str) -> None:
    """Print lines for people on standard error."""
    for line in lines:
        print(plain(line), file=sys.stderr)


def _width(text: str) -> int:
    """How many columns of a terminal `text` takes: marks none, wide letters two."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
