"""Which row of a class list means which pupil: by what evidence, and where a person is asked instead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.evidence import told_apart
from consentdesk.model.matching import Pairing, pair_up
from consentdesk.model.people import ListedPupil, Pupil

AMY_UPN, BEN_UPN = "P207000016049", "B801200005001"
BORN, LATER = date(2016, 3, 1), date(2016, 5, 2)


def held(name: str, first: str = "Amy", last: str = "Lee", **more: object) -> Pupil:
    return Pupil(name, first, last, **more)  # type: ignore[arg-type]


def row(line: int, first: str = "Amy", last: str = "Lee", **more: object) -> ListedPupil:
    return ListedPupil(line, first, last, **more)  # type: ignore[arg-type]


def paired(current: list[Pupil], listed: list[ListedPupil], covers: bool = True) -> Pairing:
    return pair_up(current, listed, lambda _pupil: covers)


@pytest.mark.parametrize(
    ("pupil", "listed", "by"),
    [
        (held("a", upn=AMY_UPN), row(2, "Amy", "Li-Lee", upn=AMY_UPN), "UPN"),
        (
            held("a", upn=AMY_UPN, date_of_birth=BORN),
            row(2, "Aimée", "Stone", upn=AMY_UPN, date_of_birth=BORN),
            "UPN",
        ),
        (
            held("a", admission_number="004512"),
            row(2, admission_number="4512", class_name="4B"),
            "admission number",
        ),
        (
            held("a", admission_number="1", date_of_birth=BORN),
            row(2, "Amy", "Stone", admission_number="1", date_of_birth=BORN),
            "admission number",
        ),
        (
            held("a", date_of_birth=BORN, class_name="3A"),
            row(2, "AMY", "LEE", date_of_birth=BORN, class_name="4A"),
            "name and date of birth",
        ),
        (
            held("a", "Amelia", preferred_first="Amy", date_of_birth=BORN),
            row(2, date_of_birth=BORN),
            "name and date of birth",
        ),
        (
            held("a", date_of_birth=BORN, admission_number="1"),
            row(2, date_of_birth=BORN, admission_number="77"),
            "name and date of birth",
        ),
        (held("a", class_name="4B"), row(2, class_name="4 b"), "name and class"),
        (
            held("a", "Seán", "O’Dea", class_name="4B"),
            row(2, "Sean", "O'DEA", class_name="4B"),
            "name and class",
        ),
        (held("a"), row(2, class_name="4B"), "name and class"),
        (held("a", class_name="4B"), row(2), "name and class"),
        (held("a", left=True, date_of_birth=BORN), row(2, date_of_birth=BORN), "name and date of birth"),
        (held("a", left=True, upn=AMY_UPN), row(2, upn=AMY_UPN), "UPN"),
    ],
)
def test_one_row_means_one_pupil_by_the_strongest_evidence(
    pupil: Pupil, listed: ListedPupil, by: str
) -> None:
    pairing = paired([pupil], [listed])
    assert [(pair.pupil, pair.row, pair.by) for pair in pairing.pairs] == [(pupil, listed, by)]
    assert not pairing.doubts
    assert not pairing.new
    assert not pairing.unnamed


@pytest.mark.parametrize(
    ("current", "listed", "said"),
    [
        # The UPN column has slipped by a row.
        (
            [held("a", upn=AMY_UPN)],
            [row(2, "Ben", "Moss", upn=AMY_UPN)],
            "line 2 (Ben Moss) carries the UPN of Amy Lee",
        ),
        # A sibling's UPN: the surname agrees, the birthday does not.
        (
            [held("a", upn=AMY_UPN, date_of_birth=BORN)],
            [row(2, "Ben", "Lee", upn=AMY_UPN, date_of_birth=LATER)],
            "carries the UPN of Amy Lee",
        ),
        # Twins, one with the other's UPN.
        (
            [
                held("a", upn=AMY_UPN, date_of_birth=BORN),
                held("b", "Ben", "Lee", upn=BEN_UPN, date_of_birth=BORN),
            ],
            [row(2, "Amy", "Lee", upn=BEN_UPN, date_of_birth=BORN)],
            "could be any of 2 pupils (Amy Lee and Ben Lee), by UPN",
        ),
        # Another system counts its admissions from 1 again.
        (
            [held("a", admission_number="1")],
            [row(2, "Ben", "Moss", admission_number="1")],
            "carries the admission number of Amy Lee",
        ),
        (
            [held("a", date_of_birth=BORN, upn=AMY_UPN)],
            [row(2, date_of_birth=BORN, upn=BEN_UPN)],
            "and another UPN: a correction, or another child",
        ),
        (
            [held("a", date_of_birth=BORN, class_name="4B")],
            [row(2, date_of_birth=LATER, class_name="4B")],
            "and another date of birth: a correction, or another child",
        ),
        # One row, two pupils.
        (
            [held("a", class_name="4B", date_of_birth=BORN), held("b", class_name="4B", date_of_birth=LATER)],
            [row(2, class_name="4B")],
            "line 2 could be any of 2 pupils (Amy Lee), by name and class",
        ),
        (
            [held("a", class_name="4A"), held("b", class_name="4B")],
            [row(2)],
            "line 2 could be any of 2 pupils (Amy Lee), by name and class",
        ),
        # Two rows, one pupil.
        (
            [held("a", upn=AMY_UPN)],
            [row(2, upn=AMY_UPN), row(3, "Amy", "Stone", upn=AMY_UPN)],
            "lines 2 and 3 cannot be told apart (Amy Lee and Amy Stone)",
        ),
        (
            [held("a", class_name="4B")],
            [row(2, class_name="4B"), row(9, class_name="4B")],
            "lines 2 and 9 cannot be told",
        ),
        (
            [held("a")],
            [row(2, date_of_birth=BORN, class_name="4A"), row(3, date_of_birth=BORN, class_name="4B")],
            "lines 2 and 3",
        ),
        (
            [held("a", "Amelia", preferred_first="Amy", date_of_birth=BORN)],
            [row(2, "Amelia", date_of_birth=BORN), row(3, "Amy", date_of_birth=BORN)],
            "lines 2 and 3 could each be Amy Lee, by name and date of birth",
        ),
        # In another class, and nothing but the name to go by.
        (
            [held("a", class_name="3A")],
            [row(2, class_name="4A")],
            "moved from class 3A to 4A, or another child",
        ),
    ],
)
def test_doubts_are_named_and_never_guessed(
    current: list[Pupil], listed: list[ListedPupil], said: str
) -> None:
    pairing = paired(current, listed)
    assert len(pairing.doubts) == 1
    assert said in pairing.doubts[0].reason
    assert pairing.doubts[0].rows == tuple(listed)
    assert set(pairing.doubts[0].pupils) == set(current)
    assert not pairing.pairs
    assert not pairing.new
    assert not pairing.unnamed


@pytest.mark.parametrize(
    ("pupil", "listed", "covers"),
    [
        (held("a", class_name="3A"), row(2, class_name="4A"), False),
        (held("a", class_name="4A", left=True), row(2, class_name="4A"), True),
    ],
)
def test_a_namesake_of_another_class_or_who_left_is_another_child_and_is_named(
    pupil: Pupil, listed: ListedPupil, covers: bool
) -> None:
    pairing = paired([pupil], [listed], covers)
    assert pairing.unnamed == (pupil,)
    (new,) = pairing.new
    assert "has the same name and is taken for another child" in new.warnings[0]


def test_namesakes_whom_a_birthday_tells_apart_are_two_children() -> None:
    first = held("a", class_name="4B", date_of_birth=BORN)
    rows = [row(2, class_name="4B", date_of_birth=BORN), row(3, class_name="4B", date_of_birth=LATER)]
    pairing = paired([first], rows)
    assert [pair.pupil for pair in pairing.pairs] == [first]
    assert pairing.new == (rows[1],)


def test_a_temporary_upn_gives_way_to_a_permanent_one() -> None:
    pupil = held("a", date_of_birth=BORN, upn="R80120000500A")
    assert told_apart(pupil, row(2, upn=AMY_UPN)) is None
    (pair,) = paired([pupil], [row(2, date_of_birth=BORN, upn=AMY_UPN)]).pairs
    assert pair.by == "name and date of birth"


people = st.fixed_dictionaries(
    {
        "legal_first": st.sampled_from(["Amy", "Ben", "Amelia"]),
        "legal_last": st.sampled_from(["Lee", "Moss", ""]),
        "preferred_first": st.sampled_from([None, "Amy"]),
        "class_name": st.sampled_from(["", "4A", "4B"]),
        "date_of_birth": st.sampled_from([None, BORN, LATER]),
        "upn": st.sampled_from([None, AMY_UPN, BEN_UPN]),
        "admission_number": st.sampled_from([None, "1", "01", "2"]),
    }
)


@given(
    st.lists(st.tuples(people, st.booleans()), max_size=6),
    st.lists(people, max_size=6),
    st.booleans(),
)
def test_every_row_ends_in_one_place_and_every_pupil_in_at_most_one_pair(
    known: list[tuple[dict[str, object], bool]], said: list[dict[str, object]], covers: bool
) -> None:
    current = [Pupil(f"p{place}", left=left, **facts) for place, (facts, left) in enumerate(known)]  # type: ignore[arg-type]
    listed = [ListedPupil(line, **facts) for line, facts in enumerate(said, start=2)]  # type: ignore[arg-type]
    pairing = paired(current, listed, covers)
    lines = [pair.row.line for pair in pairing.pairs] + [new.line for new in pairing.new]
    lines += [one.line for doubt in pairing.doubts for one in doubt.rows]
    assert sorted(lines) == [one.line for one in listed]
    meant = [pair.pupil.id for pair in pairing.pairs]
    doubtful = {pupil.id for doubt in pairing.doubts for pupil in doubt.pupils}
    unnamed = {pupil.id for pupil in pairing.unnamed}
    assert len(meant) == len(set(meant))
    assert set(meant) | doubtful | unnamed == {pupil.id for pupil in current}
    assert not set(meant) & doubtful
    assert not unnamed & (set(meant) | doubtful)


@given(st.lists(people, max_size=5))
def test_the_order_of_the_rows_changes_nothing(said: list[dict[str, object]]) -> None:
    current = [held("a", upn=AMY_UPN, class_name="4A"), held("b", "Ben", "Lee", date_of_birth=BORN)]
    listed = [ListedPupil(line, **facts) for line, facts in enumerate(said, start=2)]  # type: ignore[arg-type]
    there, back = paired(current, listed), paired(current, listed[::-1])
    assert there.pairs == back.pairs
    assert {one.line for one in there.new} == {one.line for one in back.new}
    assert {frozenset(one.line for one in doubt.rows) for doubt in there.doubts} == {
        frozenset(one.line for one in doubt.rows) for doubt in back.doubts
    }
