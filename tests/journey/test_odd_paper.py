"""Paper that a school did not expect: another school’s, a copy with other marks, many slips on a page, other files."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image

from consentdesk.printing.manifest import Manifest, ManifestSlip
from consentdesk.services import set_up
from consentdesk.services.office import create_office
from consentdesk.store.slots import FLOOR
from tests.cli.command_line import PASSWORD, Cli
from tests.journey.neat_pen import DPI, Filling, Page, blank, fill_in, printed_pages

YES = Filling({"web.work": "yes", "web.first-name": "yes"})
NO = Filling({"web.work": "no", "web.first-name": "yes"})


@pytest.fixture
def two_schools(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two schools of one pupil each, `ours` and `theirs`, with a slip printed in each."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSENTDESK_PASSWORD", PASSWORD)
    monkeypatch.setattr(set_up, "create_office", partial(create_office, cost=FLOOR))
    for school, pupil in (("ours", "Ada,Okafor"), ("theirs", "Dan,Ito")):
        Path("list.csv").write_text(f"First name,Last name,Class\n{pupil},4B\n", encoding="utf-8")
        assert cli("--office", school, "init", "--school", school).code == 0
        assert cli("--office", school, "import", "list.csv", "--apply").code == 0
        out = ["--out", f"{school}.pdf", "--manifest", f"{school}.json"]
        assert cli("--office", school, "print", "--form", "web-publication", "--all", *out).code == 0
    monkeypatch.setenv("CONSENTDESK_OFFICE", "ours")
    return tmp_path


def printed(school: str) -> tuple[Page, ManifestSlip]:
    """The page with the school's only slip on it, and where its parts stand."""
    manifest = msgspec.json.decode(Path(f"{school}.json").read_bytes(), type=Manifest)
    (page,) = (page for page in manifest.pages if page.slips)
    return printed_pages(Path(f"{school}.pdf"))[page.page - 1], page.slips[0]


def read(cli: Cli, *files: str) -> list[dict[str, Any]]:
    """The pages of `read --json`."""
    result = cli("read", *files, "--json", "-")
    assert result.code == 0, result.err
    pages: list[dict[str, Any]] = json.loads(result.out)["pages"]
    return pages


def status(cli: Cli) -> dict[str, str]:
    found = json.loads(cli("status", "--purpose", "web-publication", "--json", "-").out)
    return {one["purpose"]: one["status"] for one in found["pupils"][0]["purposes"]}


def test_another_schools_slip_is_refused_and_kept_in_the_tray(two_schools: Path, cli: Cli) -> None:
    Image.fromarray(fill_in(*printed("theirs"), YES)).save("scan.png", dpi=(DPI, DPI))
    (page,) = read(cli, "scan.png")
    assert (page["outcome"], page["reason"]) == ("refused", "other-school")
    (slip,) = page["slips"]
    assert (slip["pupil"], slip["form"], slip["answers"]) == (None, None, [])
    assert [one["reason"] for one in json.loads(cli("review", "list", "--json", "-").out)["tray"]] == [
        "other-school"
    ]
    assert set(status(cli).values()) == {"no-reply"}


def test_a_copy_with_other_marks_is_reviewed_and_its_no_holds(two_schools: Path, cli: Cli) -> None:
    first, second = (Image.fromarray(fill_in(*printed("ours"), filling)) for filling in (YES, NO))
    first.save("scans.tif", save_all=True, append_images=[second], dpi=(DPI, DPI), compression="tiff_lzw")
    one, other = read(cli, "scans.tif")
    assert (one["outcome"], other["outcome"], other["reason"]) == ("read", "review", "different-marks")
    assert cli("confirm", "--all").code == 0
    assert status(cli) == {"web.work": "no", "web.first-name": "yes"}
    code = other["slips"][0]["code"]
    assert cli("review", "decide", code, "web.work=yes").out == "Recorded. Nothing is open on this slip.\n"
    assert status(cli) == {"web.work": "yes", "web.first-name": "yes"}


def test_several_slips_on_one_page_are_all_found(two_schools: Path, cli: Cli) -> None:
    page, slip = printed("ours")
    top, bottom = (round(y * DPI / 25.4) for y in (slip.outline.y0 - 2, slip.outline.y1 + 2))
    sheet = blank()
    for filling, at in ((YES, 60), (NO, 60 + bottom - top + 40)):
        part = fill_in(page, slip, filling)[top:bottom]
        sheet[at : at + len(part)] = part[: len(sheet) - at]
    Image.fromarray(np.rot90(sheet).copy()).save("sheet.jpg", quality=85, dpi=(DPI, DPI))
    (found,) = read(cli, "sheet.jpg")
    assert [one["code"] for one in found["slips"]] == [slip.code] * 2
    assert sorted(one["outcome"] for one in found["slips"]) == ["read", "review"]
    assert found["outcome"] == "review"


def test_a_file_that_cannot_be_taken_does_not_stop_the_others(two_schools: Path, cli: Cli) -> None:
    Image.fromarray(fill_in(*printed("ours"), YES)).save("scan.png", dpi=(DPI, DPI))
    Path("letter.txt").write_text("Dear parents,", encoding="utf-8")
    result = cli("read", "letter.txt", "missing.pdf", "scan.png", "--json", "-")
    assert result.code == 1
    assert len(result.err.splitlines()) == 2
    report = json.loads(result.out)
    assert [page["outcome"] for page in report["pages"]] == ["unreadable", "unreadable", "read"]
    assert report["totals"]["pages"] == 3
    assert sum(report["totals"].values()) == 6
