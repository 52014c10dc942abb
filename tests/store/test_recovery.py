"""The recovery sheet: what is printed comes back as it was, and a slip of the pen is named, not guessed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.errors import WrongPassword
from consentdesk.model.slip import ALPHABET
from consentdesk.store import recovery

SECRETS = st.binary(min_size=20, max_size=20)
PLACES = st.integers(0, 39)


@given(SECRETS)
def test_the_groups_bring_the_secret_back(secret: bytes) -> None:
    groups = recovery.groups_of(secret)
    assert len(groups) == 8
    assert {len(group) for group in groups} == {5}
    assert recovery.secret_of(groups) == secret


@pytest.mark.parametrize("hand", [str.lower, lambda text: text.replace(" ", "-"), lambda text: f"  {text}\n"])
def test_case_spaces_and_hyphens_do_not_matter(hand: object) -> None:
    secret = bytes(range(20))
    typed = hand(" ".join(recovery.groups_of(secret)))  # type: ignore[operator]
    assert recovery.secret_of(typed) == secret


def test_letters_that_look_alike_are_taken_for_what_is_printed() -> None:
    secret = bytes(20)
    assert (
        recovery.secret_of(" ".join(recovery.groups_of(secret)).replace("0", "O").replace("1", "l")) == secret
    )


@given(SECRETS, PLACES, st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_found_and_its_group_named(secret: bytes, place: int, letter: str) -> None:
    letters = list("".join(recovery.groups_of(secret)))
    if letters[place] == letter:
        return
    letters[place] = letter
    with pytest.raises(WrongPassword, match=f"[Gg]roup {place // 5 + 1} "):
        recovery.secret_of("".join(letters))


@given(SECRETS, PLACES, PLACES)
def test_two_swapped_letters_of_a_group_are_found(secret: bytes, one: int, other: int) -> None:
    letters = list("".join(recovery.groups_of(secret)))
    other = one - one % 5 + other % 5
    if letters[one] == letters[other]:
        return
    letters[one], letters[other] = letters[other], letters[one]
    with pytest.raises(WrongPassword, match=f"[Gg]roup {one // 5 + 1} "):
        recovery.secret_of("".join(letters))


@given(SECRETS, st.integers(0, 7), st.integers(1, 7))
def test_a_group_in_anothers_place_is_found(secret: bytes, one: int, further: int) -> None:
    groups = list(recovery.groups_of(secret))
    other = (one + further) % 8
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(WrongPassword, match=f"[Gg]roup {min(one, other) + 1} "):
        recovery.secret_of(groups)


@pytest.mark.parametrize("typed", ["", "7F3KQ", "0" * 39, "0" * 41, "?" * 40])
def test_too_few_too_many_or_strange_letters_are_refused(typed: str) -> None:
    with pytest.raises(WrongPassword):
        recovery.secret_of(typed)
