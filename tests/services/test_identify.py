"""Whose slip it is: nothing but an untouched code of this office, for a slip that it printed, is believed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.reading import Outcome
from consentdesk.model.slip import CodeKey, Part, Slip, check_letters, payload
from consentdesk.services.identify import SENTENCES, Ownerless, identify

KEY = CodeKey("1", b"a made-up secret of 32 bytes....")
SLIP = Slip("0123456789", "pupil", "image-use", "AB12", "run", date(2026, 11, 2), date(2027, 8, 31), "4B")
CODE = payload(KEY, "SCH00K", SLIP.version, SLIP.id, Part.FIRST)


def with_mac_of(other: str) -> str:
    """The slip's own words with another code's MAC, check letters made right again."""
    body = CODE[:-18] + other[-18:-2]
    return body + check_letters(body)


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


def said(
    key: CodeKey = KEY,
    school: str = "SCH00K",
    version: str = SLIP.version,
    slip: str = SLIP.id,
    part: Part = Part.FIRST,
) -> str:
    """What a code says: by default, the first one of the slip that was printed."""
    return payload(key, school, version, slip, part)


REFUSED = {
    "a letter is missing": ("damaged-code", [CODE[:-1]]),
    "a letter too many": ("damaged-code", [CODE + "0"]),
    "a letter outside the alphabet": ("damaged-code", [CODE[:9] + "U" + CODE[10:]]),
    "two letters swapped": ("damaged-code", [CODE[:20] + CODE[21] + CODE[20] + CODE[22:]]),
    "a code of a kind to come": ("damaged-code", ["CD2" + CODE[3:]]),
    "spoiled beside a sound one": ("damaged-code", [CODE, CODE[:-1]]),
    "another school's": ("other-school", [said(school="0THER1")]),
    "another school's with its own key": ("other-school", [said(CodeKey("1", bytes(32)), "0THER1")]),
    "another school's beside ours": ("other-school", [CODE, said(school="0THER1", part=Part.SECOND)]),
    "made with another key": ("forged", [said(CodeKey("1", bytes(32)))]),
    "a key that the school never had": ("forged", [said(CodeKey("2", KEY.secret))]),
    "another slip's MAC": ("forged", [with_mac_of(said(slip="9876543210"))]),
    "a version that is not the slip's own": ("forged", [said(version="ZZ99")]),
    "forged beside a sound one": ("forged", [CODE, said(CodeKey("1", bytes(32)), part=Part.SECOND)]),
    "the letter's code": ("letter-code", [said(part=Part.LETTER)]),
    "the letter's code beside the slip's": ("letter-code", [CODE, said(part=Part.LETTER)]),
    "codes of two slips": ("two-codes", [CODE, said(slip="9876543210", part=Part.SECOND)]),
    "codes of two versions": ("two-codes", [CODE, said(version="ZZ99", part=Part.SECOND)]),
    "a slip that was never printed": ("unknown-slip", [said(slip="9876543210")]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_s4_each_code_that_is_not_believed_is_refused_by_its_name(case: str) -> None:
    named, codes = REFUSED[case]
    for order in (codes, codes[::-1]):
        found = owner(*order)
        assert isinstance(found, Ownerless)
        assert (found.outcome, found.problem.reason) == (Outcome.REFUSED, named)
        assert found.problem.text == SENTENCES[named]
        assert found.claimed == ("9876543210" if named == "unknown-slip" else None)


def test_every_refusal_is_said_in_a_sentence_of_its_own() -> None:
    assert {named for named, _ in REFUSED.values()} | {"no-code"} == set(SENTENCES)
    assert len(set(SENTENCES.values())) == len(SENTENCES)
    assert all(text[0].isupper() and text.endswith(".") for text in SENTENCES.values())


def test_a_slip_without_codes_is_unmatched_and_not_refused() -> None:
    found = owner()
    assert isinstance(found, Ownerless)
    assert (found.outcome, found.problem.reason) == (Outcome.UNMATCHED, "no-code")


@given(st.integers(3, len(CODE) - 1), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_changed_letter_is_believed(at: int, letter: str) -> None:
    changed = CODE[:at] + letter + CODE[at + 1 :]
    assert owner(changed) == SLIP if changed == CODE else isinstance(owner(changed), Ownerless)


@given(st.integers(3, len(CODE) - 3), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_nor_one_whose_check_letters_were_made_right_again(at: int, letter: str) -> None:
    body = CODE[:at] + letter + CODE[at + 1 : -2]
    changed = body + check_letters(body)
    assert owner(changed) == SLIP if changed == CODE else isinstance(owner(changed), Ownerless)
