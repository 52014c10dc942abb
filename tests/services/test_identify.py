"""Whose slip it is: nothing but an untouched code of this office, for a slip that it printed, is believed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.slip import CodeKey, Part, Slip, check_letters, payload
from consentdesk.services.identify import Ownerless, identify

KEY = CodeKey("1", b"a made-up secret of 32 bytes....")
SLIP = Slip("0123456789", "pupil", "image-use", "AB12", "run", date(2026, 11, 2), date(2027, 8, 31), "4B")
CODE = payload(KEY, "SCH00K", SLIP.version, SLIP.id, Part.FIRST)


def owner(*codes: str) -> Slip | Ownerless:
    return identify(codes, "SCH00K", {KEY.version: KEY}, {SLIP.id: SLIP}.get)


def reason(*codes: str) -> str:
    found = owner(*codes)
    assert isinstance(found, Ownerless)
    return found.problem.reason


def test_one_sound_code_is_enough() -> None:
    assert owner(CODE) == SLIP
    assert owner(CODE, payload(KEY, "SCH00K", SLIP.version, SLIP.id, Part.SECOND)) == SLIP


def test_a_strangers_code_beside_ours_changes_nothing() -> None:
    assert owner("something else entirely", CODE) == SLIP
    assert reason("something else entirely") == "no-code"


def test_a_spoiled_code_beside_a_sound_one_refuses_the_slip() -> None:
    assert reason(CODE, CODE[:-1]) == "damaged-code"


def test_the_letters_code_is_no_slip() -> None:
    assert reason(payload(KEY, "SCH00K", SLIP.version, SLIP.id, Part.LETTER)) == "damaged-code"


def test_a_version_that_is_not_the_slips_own_is_forged() -> None:
    assert reason(payload(KEY, "SCH00K", "ZZ99", SLIP.id, Part.FIRST)) == "forged"


def test_a_key_that_the_school_never_had_is_forged() -> None:
    other = CodeKey("2", KEY.secret)
    assert reason(payload(other, "SCH00K", SLIP.version, SLIP.id, Part.FIRST)) == "forged"


@given(st.integers(3, len(CODE) - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_changed_letter_is_believed(at: int, letter: str) -> None:
    changed = CODE[:at] + letter + CODE[at + 1 :]
    assert owner(changed) == SLIP if changed == CODE else isinstance(owner(changed), Ownerless)


@given(st.integers(3, len(CODE) - 3), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_nor_one_whose_check_letters_were_made_right_again(at: int, letter: str) -> None:
    body = CODE[:at] + letter + CODE[at + 1 : -2]
    changed = body + check_letters(body)
    assert owner(changed) == SLIP if changed == CODE else isinstance(owner(changed), Ownerless)
