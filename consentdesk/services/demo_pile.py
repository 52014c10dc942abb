"""The pile that comes back: which slips, late or never, and how the school scans them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import cycle
from random import Random
from typing import Final

from consentdesk.scanning.rehearsal.levels import LevelName, Mode
from consentdesk.scanning.rehearsal.pdf import PdfStyle
from consentdesk.scanning.rehearsal.scan_files import ScanFile
from consentdesk.scanning.rehearsal.sheets import Kind, Sheet, Written, fit_one_sheet
from consentdesk.services.demo_families import Families, PrintedSlip, SentHome


@dataclass(frozen=True)
class Pile:
    """What comes back: scan files, some of them late, and slips that are keyed from the paper instead.

    Before the late ones come in, one family withdraws all that the slip with the code `withdrawn` asks.
    """

    in_time: tuple[ScanFile, ...]
    late: tuple[ScanFile, ...]
    keyed: tuple[Written, ...]
    withdrawn: str | None


@dataclass(frozen=True)
class Scanner:
    """One way of scanning: the kind of file, sheets a file, and how often the worse of two levels befalls one.

    With `duplex` the backs are scanned too.
    """

    ending: str
    better: LevelName
    worse: LevelName
    share_worse: float
    dpi: int
    mode: Mode
    sheets: int
    style: PdfStyle = field(default_factory=PdfStyle)
    duplex: bool = False


FEEDERS: Final = (
    Scanner("pdf", "clean", "worn", 0.3, 200, "grey", 16),
    Scanner("pdf", "clean", "worn", 0.3, 200, "one-bit", 14, PdfStyle(negative=True)),
    Scanner("pdf", "clean", "worn", 0.5, 150, "colour", 12, PdfStyle(strips=4), duplex=True),
    Scanner("tif", "clean", "worn", 0.4, 200, "one-bit", 12),
    Scanner("pdf", "worn", "rough", 0.3, 200, "grey", 12, PdfStyle(rotate=90)),
    Scanner("tif", "clean", "worn", 0.4, 150, "grey", 12),
    Scanner("pdf", "clean", "worn", 0.3, 150, "grey", 12, PdfStyle(flate=True, turned=True)),
    Scanner("pdf", "worn", "rough", 0.4, 200, "one-bit", 12),
    Scanner("pdf", "clean", "worn", 0.4, 300, "grey", 8),
)
"""Each feeder takes its share of the pile in turn."""
PHONE: Final = Scanner("jpg", "phone", "phone", 0.0, 200, "colour", 1)
PLATE: Final = Scanner("png", "clean", "rough", 0.4, 200, "grey", 1)
_BY_PHONE: Final = 0.05
_ON_THE_PLATE: Final = 0.02
_NOTHING_ELSE: Final = 8
"""A pile of fewer sheets goes through the feeders whole."""
_TURNS: Final = (0,) * 16 + (2, 2, 1, 3)
"""How sheets lie in the feeder: one in five is upside down or sideways."""


def plan_pile(sent: SentHome, seed: int, day: date) -> Pile:
    """What comes back of a print run, the same for the same seed; `day` is when families write."""
    chance = Random(seed)  # noqa: S311 - rehearsal, no secret
    families = Families(chance, sent, day)
    rest = list(sent.slips)
    chance.shuffle(rest)

    def deal(share: float, write: Callable[[PrintedSlip], Written], at_least: int = 1) -> list[Written]:
        """`share` of all slips, but never more than half of those that are left."""
        number = min(max(at_least, round(share * len(sent.slips))), len(rest) // 2)
        return [write(rest.pop()) for _ in range(number)]

    sheets = [families.answered(rest.pop())]
    copied = deal(0.01, families.plain)
    sheets += [*copied, *map(families.turned_round, copied)]
    sheets += deal(0.01, families.answered) * 2
    sheets += deal(0.0, families.spoiled)
    sheets += deal(0.03, families.unsigned) + deal(0.04, families.commented) + deal(0.01, families.renamed)
    keyed = deal(0.02, families.plain, at_least=2)
    late = deal(0.03, families.answered, at_least=2)
    cut = deal(0.08, families.answered, at_least=2)
    never_returned = round(0.08 * len(rest))
    sheets += [families.answered(printed) for printed in rest[never_returned:]]

    alone = [_sheet(families, "slip", (slip,)) for slip in sheets]
    return Pile(
        _scanned(chance, families, alone + _side_by_side(families, cut), _between(families, sent)),
        _scanned(chance, families, [_sheet(families, "slip", (slip,)) for slip in late], [], "late "),
        tuple(keyed),
        late[0].code if late else None,
    )


def _sheet(families: Families, kind: Kind, slips: tuple[Written, ...] = (), page: int = 0) -> Sheet:
    return Sheet(kind, "clean", families.seed(), slips, page)


def _side_by_side(families: Families, cut: Sequence[Written]) -> list[Sheet]:
    """Slips that were cut out, as many on a sheet as fit."""
    sheets: list[list[Written]] = []
    for slip in cut:
        if sheets and fit_one_sheet([one.places for one in (*sheets[-1], slip)]):
            sheets[-1].append(slip)
        else:
            sheets.append([slip])
    return [_sheet(families, "cut", tuple(slips)) for slips in sheets]


def _between(families: Families, sent: SentHome) -> list[Sheet]:
    """What gets into a pile that is no slip: a stranger's letter, our own letters, blank backs."""
    few = 1 + len(sent.slips) // 150
    some = 1 + len(sent.slips) // 60
    pages = [printed.page for printed in sent.slips]
    return [
        *(_sheet(families, "stranger") for _ in range(few)),
        *(_sheet(families, "letter", page=page + 1) for page in pages[:some]),
        *(_sheet(families, "back", page=page) for page in pages[:some]),
    ]


def _scanned(
    chance: Random, families: Families, slips: list[Sheet], between: Sequence[Sheet], called: str = ""
) -> tuple[ScanFile, ...]:
    """Share sheets out among the scanners."""
    chance.shuffle(slips)
    files: list[ScanFile] = []

    def scan(scanner: Scanner, sheets: Sequence[Sheet]) -> None:
        name = f"{called}scan {len(files) + 1:03}.{scanner.ending}"
        sides = tuple(
            replace(
                side,
                level=scanner.worse if chance.random() < scanner.share_worse else scanner.better,
                turn=chance.choice(_TURNS),
            )
            for sheet in sheets
            for side in _sides(families, scanner, sheet)
        )
        files.append(ScanFile(name, sides, scanner.dpi, scanner.mode, scanner.style))

    if len(slips) > _NOTHING_ELSE:
        for scanner, share in ((PHONE, _BY_PHONE), (PLATE, _ON_THE_PLATE)):
            for _ in range(max(1, round(share * len(slips)))):
                scan(scanner, [slips.pop()])
    sheets = [*slips, *between]
    chance.shuffle(sheets)
    feeders = cycle(FEEDERS)
    while sheets:
        feeder = next(feeders)
        scan(feeder, sheets[: feeder.sheets])
        del sheets[: feeder.sheets]
    return tuple(files)


def _sides(families: Families, scanner: Scanner, sheet: Sheet) -> list[Sheet]:
    """What a scanner sees of a sheet: both sides in duplex, where slips that were cut out have blank backs."""
    if not scanner.duplex or not sheet.slips:
        return [sheet]
    kind: Kind = "letter" if sheet.kind == "slip" else "back"
    return [sheet, _sheet(families, kind, page=sheet.slips[0].page + (kind == "letter"))]
