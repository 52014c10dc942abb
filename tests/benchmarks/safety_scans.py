"""Scan files cut short, and codes changed: none is taken for whole, none for genuine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np

from consentdesk.model.slip import Part, parse, proves
from consentdesk.scanning import pages
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.rehearsal.files import write_jpeg, write_tiff
from consentdesk.scanning.rehearsal.pdf import PdfStyle, write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.scan_file import PageProblem
from tests.benchmarks.fuzz import made_up_version
from tests.benchmarks.fuzz_codes import changed
from tests.benchmarks.safety_found import Found, chance_of, found
from tests.scanning.made_up import CHILDREN, KEY, Version, answer_all, payload_of
from tests.scanning.odd_files import jpeg, pillow

_DPI: Final = 75


def truncations(folder: Path, seed: int, numbers: range, *, lenient: bool = False) -> Found:
    """Cut files of every kind, as many of each as there are `numbers`: refused, or every pixel is there all the same.

    A file may end after its last pixel and still be whole. `lenient` reads as a program does that shows what it can.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = _whole(made_up_version(), folder)
    failures, notes = [], Counter[str]()
    cut = folder / "cut"
    for kind, data in whole.items():
        cut.write_bytes(data)
        right = _read(cut)
        if right is None:
            raise ValueError(f"the whole {kind} cannot be read")
        for number in numbers:
            chance = chance_of(seed, "truncation", kind, number)
            cut.write_bytes(data[: chance.randrange(1, len(data))])
            seen = _read_leniently(cut) if lenient and kind == "jpeg" else _read(cut)
            if seen is None:
                notes[f"{kind} refused"] += 1
            elif np.array_equal(seen, right):
                notes[f"{kind} whole all the same"] += 1
            else:
                failures.append(f"{kind} {number}: half a picture was taken")
    return found("damaged scans accepted", len(numbers) * len(whole), failures, dict(notes))


def _whole(version: Version, folder: Path) -> dict[str, bytes]:
    page = version.page(dpi=_DPI)
    answer_all(page, version.layout, dpi=_DPI)
    bits = np.where(page > 140, 255, 0).astype(np.uint8)
    grey, one_bit = Scan(page, _DPI), Scan(bits, _DPI, one_bit=True)
    colour = np.ascontiguousarray(np.dstack([page, page, np.maximum(page, 90)]))
    kinds = {
        "jpeg": jpeg(page),
        "jpeg progressive": jpeg(colour, progressive=True),
        "png": pillow(page, "PNG"),
        "tiff plain": pillow(page, "TIFF"),
        "tiff jpeg": pillow(colour, "TIFF", "RGB", compression="jpeg"),
    }
    path = folder / "whole"
    for name, scan, style in (
        ("pdf jpeg", grey, PdfStyle()),
        ("pdf flate", grey, PdfStyle(flate=True)),
        ("pdf g4", one_bit, PdfStyle()),
    ):
        write_pdf([scan], path, style)
        kinds[name] = path.read_bytes()
    for name, scan in (("tiff lzw", grey), ("tiff g4", one_bit)):
        write_tiff([scan], path)
        kinds[name] = path.read_bytes()
    write_jpeg(grey, path, orientation=6)
    kinds["jpeg turned"] = path.read_bytes()
    path.unlink()
    return kinds


def _read(path: Path) -> Pixels | None:
    """The first page as the reader would be given it, None where it is refused."""
    try:
        facts = pages.facts(path)
        return pages.load(path, facts.kind, 1)
    except PageProblem:
        return None


def _read_leniently(path: Path) -> Pixels | None:
    """What the library shows that most programs use: the missing half of a cut JPEG is grey."""
    import cv2  # noqa: PLC0415

    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def forged_codes(_folder: Path, seed: int, numbers: range, *, gullible: bool = False) -> Found:
    """Change genuine payloads and ask whether the school's key proves them; `gullible` believes what can be parsed."""
    version = made_up_version()
    genuine = {payload_of(version.tag, child, part) for child in range(len(CHILDREN)) for part in Part}
    failures, notes, tried = [], Counter[str](), 0
    for number in numbers:
        chance = chance_of(seed, "code", number)
        text = payload_of(version.tag, chance.randrange(len(CHILDREN)), chance.choice(list(Part)))
        way, other = changed(text, chance)
        if other in genuine:
            continue
        tried += 1
        code = parse(other)
        notes["parsed, not proved" if code else "not even parsed"] += 1
        if code is not None and (gullible or proves(KEY, code)):
            failures.append(f"{number}: {way}: {other!r} passed")
    return found("forged or edited codes accepted", tried, failures, dict(notes))
