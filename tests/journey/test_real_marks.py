"""Real marks on a slip of ours: whatever is neither tick nor cross never becomes a yes by itself (rules C2, C4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.real_marks import Crop, Result, crops, read_all, shares
from tests.benchmarks.school import school

NO_YES = ("empty", "stroke", "scribble", "fill")


@pytest.fixture(scope="module")
def every(samples: Path) -> list[Crop]:
    return crops(samples)


@pytest.fixture(scope="module")
def results(every: list[Crop], tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    folder = tmp_path_factory.mktemp("real marks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder))
        with school(folder, pupils=1) as made:
            printed, sent = made.print(["image-use"])
            return read_all(every, made.templates()[0], printed, sent.slips[0].page)


def test_every_box_is_found_but_those_that_the_crops_edge_cuts_off(every: list[Crop]) -> None:
    cut_off = [crop.file for crop in every if not crop.is_whole]
    assert len(every) == 402
    assert len(cut_off) <= 8
    assert all(name.startswith("empty") for name in cut_off)


def test_every_mark_was_set_into_a_slip_and_seen(every: list[Crop], results: list[Result]) -> None:
    assert len(results) == sum(crop.is_whole for crop in every)
    assert [one.crop.file for one in results if one.pair is None] == []


@pytest.mark.parametrize("kind", NO_YES)
def test_what_is_no_tick_and_no_cross_is_never_a_yes(results: list[Result], kind: str) -> None:
    of_kind = [one for one in results if one.crop.kind == kind]
    assert of_kind
    assert [(one.crop.file, one.pair) for one in of_kind if one.answer != "review"] == []


def test_no_mark_in_a_yes_box_is_a_no(results: list[Result]) -> None:
    assert [one.crop.file for one in results if one.answer == "no"] == []


def test_real_crosses_are_read_without_asking(results: list[Result]) -> None:
    read, of = shares(results)["scan", "cross"]
    assert read > 0.25 * of
