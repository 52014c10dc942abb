"""Which codes belong together: the two of a slip, copies apart, mixtures told, strangers counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from consentdesk.model.slip import Part
from consentdesk.scanning.align import corners_of
from consentdesk.scanning.codes import FoundCode
from consentdesk.scanning.grouping import SeenCode, group_by_slip, sort_out
from tests.scanning.made_up import Matrix, Version, on_paper, payload_of, to_pixels

HERE = np.eye(3)


def shifted(x: float, y: float) -> Matrix:
    """A second place on the page, so many px away."""
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


UPSIDE_DOWN = np.array([[-1.0, 0, 1600], [0, -1, 2300], [0, 0, 1]])


def code(text: str, version: Version, place: int, matrix: Matrix = HERE) -> FoundCode:
    """A code as found where the layout puts the first or second one, moved by `matrix`."""
    return FoundCode(text, on_paper(matrix @ to_pixels(200), corners_of(version.layout.codes[place])))


def both(version: Version, child: int = 0, matrix: Matrix = HERE) -> list[FoundCode]:
    return [code(text, version, place, matrix) for place, text in enumerate(version.codes(child))]


def grouped(found: Sequence[FoundCode], version: Version) -> list[list[str]]:
    ours, _, _ = sort_out(found)
    groups = group_by_slip(ours, {version.tag: version.ready})
    return sorted([seen.found.text for seen in group] for group in groups)


def test_codes_are_ours_or_spoiled_or_a_strangers(few: Version) -> None:
    whole, spoiled = few.codes()[0], few.codes()[1][:-1] + "?"
    other = "https://example.org"
    found = [code(text, few, 0) for text in (whole, spoiled, other, "")]
    ours, broken, strangers = sort_out(found)
    assert [seen.found.text for seen in ours] == [whole]
    assert ours[0].code.part is Part.FIRST
    assert [one.text for one in broken] == [spoiled]
    assert strangers == 2


def test_the_two_codes_of_a_slip_are_one_group(few: Version) -> None:
    assert grouped(both(few), few) == [list(few.codes())]
    assert grouped(both(few)[::-1], few) == [list(few.codes())]
    assert grouped(both(few, matrix=UPSIDE_DOWN), few) == [list(few.codes())]


@pytest.mark.parametrize("place", [0, 1])
def test_a_single_code_is_a_group_of_its_own(place: int, few: Version) -> None:
    assert grouped([code(few.codes()[place], few, place)], few) == [[few.codes()[place]]]


def test_two_slips_are_two_groups(few: Version) -> None:
    found = both(few, 0) + both(few, 1, shifted(0, -900))
    assert grouped(found, few) == sorted([list(few.codes(0)), list(few.codes(1))])


def test_two_copies_of_a_slip_are_kept_apart_whatever_the_order(few: Version) -> None:
    above, below = both(few, 0, shifted(0, -900)), both(few, 0)
    ours, _, _ = sort_out([below[1], above[0], above[1], below[0]])
    groups = group_by_slip(ours, {few.tag: few.ready})
    assert len(groups) == 2
    for group in groups:
        first, second = (seen.found.corners.mean(axis=0) for seen in group)
        apart = np.subtract(few.layout.codes[1].centre, few.layout.codes[0].centre) * 200 / 25.4
        assert second - first == pytest.approx(apart, abs=1)


def test_a_second_code_that_lies_elsewhere_is_not_of_this_slip(few: Version) -> None:
    """Cut out and pasted somewhere: each is then a slip by itself, and told as such."""
    found = [code(few.codes()[0], few, 0), code(few.codes()[1], few, 1, shifted(0, -700))]
    assert grouped(found, few) == [[few.codes()[0]], [few.codes()[1]]]


def test_codes_of_two_children_are_never_one_group(few: Version) -> None:
    found = [code(few.codes(0)[0], few, 0), code(few.codes(1)[1], few, 1)]
    assert grouped(found, few) == sorted([[few.codes(0)[0]], [few.codes(1)[1]]])


def test_a_letters_code_is_of_no_slip(few: Version) -> None:
    found = [*both(few), code(payload_of(few.tag, 0, Part.LETTER), few, 0, shifted(0, -1000))]
    assert grouped(found, few) == [list(few.codes())]


def test_codes_of_an_unknown_version_are_joined_by_what_they_say(few: Version) -> None:
    ours, _, _ = sort_out(both(few))
    (group,) = group_by_slip(ours, {})
    assert all(isinstance(seen, SeenCode) for seen in group)
    assert len(group) == 2
