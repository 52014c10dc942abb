"""The pile that comes back: which slips, late or never, and how the school scans them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

from consentdesk.printing.manifest import ManifestSlip
from consentdesk.scanning.rehearsal.levels import LevelName, Mode
from consentdesk.scanning.rehearsal.pdf import PdfStyle
from consentdesk.scanning.rehearsal.scan_files import ScanFile
from consentdesk.scanning.rehearsal.sheets import Sheet, Written, fit_one_sheet
from consentdesk.services.demo_families import Families, PrintedSlip, SentHome


@dataclass(frozen=True)
class Pile:
    """What comes back: scan files, some of them late, and slips that are keyed from the paper instead.

    Before the late ones come in, the family of `withdrawn` withdraws what its late slip says.
    """

    in_time: tuple[ScanFile, ...]
    late: tuple[ScanFile, ...]
    keyed: tuple[Written, ...]
    withdrawn: ManifestSlip | None


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
    style: PdfStyle = PdfStyle()
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
        next((slip.places for slip in late if isinstance(slip.places, ManifestSlip)), None),
    )
