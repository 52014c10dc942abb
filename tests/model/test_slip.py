"""What the codes of a slip say: every miscopied letter is refused, and only the school's own key proves one."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.slip import (
    ALPHABET,
    ID_LENGTH,
    PAYLOAD_LENGTH,
    SCHOOL_LENGTH,
    TAG_LENGTH,
    CodeKey,
    Part,
    SlipCode,
    check_letters,
    encode,
    is_ours,
    parse,
    payload,
    proves,
    slip_of_typed,
    typed_code,
)

KEY = CodeKey("1", bytes(range(32)))
SCHOOL, TAG, SLIP = "MDVA7E", "7F3K", "0ZQ19AB8TC"
QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")

part = st.sampled_from(list(Part))
secret = st.binary(min_size=32, max_size=32)


def letters(length: int) -> st.SearchStrategy[str]:
    return st.text(ALPHABET, min_size=length, max_size=length)


def one_wrong(text: str, alphabet: str = ALPHABET) -> list[str]:
    """Every text that differs in one letter."""
    return [
        text[:at] + letter + text[at + 1 :]
        for at, letter in itertools.product(range(len(text)), alphabet)
        if letter != text[at]
    ]


def two_swapped(text: str) -> list[str]:
    """Every text with two different neighbours swapped."""
    pairs = range(len(text) - 1)
    swapped = [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in pairs]
    return [other for other in swapped if other != text]


# The typed code


@given(letters(ID_LENGTH))
def test_s2_a_typed_code_is_read_back(slip: str) -> None:
    assert slip_of_typed(typed_code(slip)) == slip


def test_s2_a_typed_code_stands_in_groups_of_four() -> None:
    assert typed_code("7F3K22QX19").startswith("7F3K-22QX-19")
    assert [len(group) for group in typed_code(SLIP).split("-")] == [4, 4, 4]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(lambda code: code.lower(), id="small letters"),
        pytest.param(lambda code: code.replace("-", ""), id="no hyphens"),
        pytest.param(lambda code: code.replace("-", " "), id="spaces"),
        pytest.param(lambda code: f"  {code}\n", id="pasted with its line"),
        pytest.param(lambda code: "-".join(code.replace("-", "")), id="hyphens everywhere"),
        pytest.param(lambda code: code.replace("0", "O").replace("1", "I"), id="O and I"),
        pytest.param(lambda code: code.replace("0", "o").replace("1", "l"), id="o and l"),
        pytest.param(lambda code: code.replace("V", "U"), id="U"),
    ],
)
def test_s2_how_a_code_is_typed_does_not_matter(typed: Callable[[str], str]) -> None:
    for slip in (SLIP, "V0V1V0V1V0", "0000000000", "ZZZZZZZZZZ"):
        assert slip_of_typed(typed(typed_code(slip))) == slip


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "7F3K",
        SLIP,
        typed_code(SLIP)[:-1],
        typed_code(SLIP) + "0",
        typed_code(SLIP)[1:],
        typed_code(SLIP).replace("Z", "%"),
        typed_code(SLIP).replace("Z", "Ż"),
        "É" * 12,
        "\u0661" * 12,
        "ß" * 6,
        "0" * 1000,
    ],
)
def test_s2_what_is_not_a_code_is_refused(typed: str) -> None:
    assert slip_of_typed(typed) is None


@pytest.mark.parametrize("other", ["", "0", "0ZQ19AB8T", "0ZQ19AB8TC0", "0ZQ19AB8TC" * 2])
def test_s2_an_id_of_another_length_is_refused_even_with_its_own_check_letters(other: str) -> None:
    assert slip_of_typed(other + check_letters(other)) is None


@pytest.mark.parametrize("slip", [SLIP, "0000000000", "ZZZZZZZZZZ", "0123456789", "9Z0A9Z0A9Z"])
def test_s2_every_single_wrong_letter_is_refused(slip: str) -> None:
    code = typed_code(slip).replace("-", "")
    assert [wrong for wrong in one_wrong(code) if slip_of_typed(wrong) is not None] == []


@given(letters(ID_LENGTH))
def test_s2_two_letters_typed_in_the_wrong_order_are_refused(slip: str) -> None:
    code = typed_code(slip).replace("-", "")
    assert [wrong for wrong in two_swapped(code) if slip_of_typed(wrong) is not None] == []


def test_s2_check_letters_tell_any_two_neighbours_apart() -> None:
    for one, other in itertools.combinations(ALPHABET, 2):
        for at in range(ID_LENGTH - 1):
            before, after = SLIP[:at], SLIP[at + 2 :]
            assert check_letters(before + one + other + after) != check_letters(before + other + one + after)


def test_s2_the_last_letter_swapped_with_its_check_letter_is_refused() -> None:
    for last, before in itertools.product(ALPHABET, ALPHABET):
        code = typed_code(SLIP[:-2] + before + last).replace("-", "")
        wrong = code[:9] + code[10] + code[9] + code[11]
        assert wrong == code or slip_of_typed(wrong) is None


# The QR code


def test_s2_a_payload_fits_the_qr_alphanumeric_set_and_names_nobody() -> None:
    text = payload(KEY, SCHOOL, TAG, SLIP, Part.FIRST)
    assert len(text) == PAYLOAD_LENGTH == 43
    assert set(text) <= QR_ALPHANUMERIC
    assert text[:-18] == f"CD11{SCHOOL}{TAG}{SLIP}A"


@given(
    secret, st.sampled_from(ALPHABET), letters(SCHOOL_LENGTH), letters(TAG_LENGTH), letters(ID_LENGTH), part
)
def test_a_payload_is_read_back_and_proven_by_its_key(
    key: bytes, version: str, school: str, tag: str, slip: str, which: Part
) -> None:
    own = CodeKey(version, key)
    code = parse(payload(own, school, tag, slip, which))
    assert code is not None
    assert (code.key_version, code.school, code.tag, code.slip, code.part) == (
        version,
        school,
        tag,
        slip,
        which,
    )
    assert proves(own, code)


def test_forms_that_are_at_home_stay_readable() -> None:
    """Printed codes outlive every release: whatever changes this text needs a prefix of its own."""
    assert payload(KEY, SCHOOL, TAG, SLIP, Part.FIRST) == "CD11MDVA7E7F3K0ZQ19AB8TCASB7JQKT5J84GW92QPC"
    assert typed_code(SLIP) == "0ZQ1-9AB8-TCGE"


@pytest.mark.parametrize(
    "mended",
    [
        pytest.param(lambda body: body[:-1], id="a letter short"),
        pytest.param(lambda body: body + "0", id="a letter long"),
        pytest.param(lambda body: body[:24] + "D" + body[25:], id="a part that no paper has"),
        pytest.param(lambda body: "CD2" + body[3:], id="another kind of code"),
        pytest.param(lambda body: body[:9] + "L" + body[10:], id="a letter outside the alphabet"),
    ],
)
def test_s4_a_payload_of_another_shape_is_refused_even_with_its_own_check_letters(
    mended: Callable[[str], str],
) -> None:
    body = mended(payload(KEY, SCHOOL, TAG, SLIP, Part.FIRST)[:-2])
    assert parse(body + check_letters(body)) is None


@given(secret, secret, part)
def test_s4_a_code_made_with_another_key_is_not_proven(key: bytes, other: bytes, which: Part) -> None:
    code = parse(payload(CodeKey("1", key), SCHOOL, TAG, SLIP, which))
    assert code is not None
    assert proves(CodeKey("1", other), code) is (key == other)
    assert not proves(CodeKey("2", key), code)


@pytest.mark.parametrize("which", list(Part))
def test_s4_every_miscopied_letter_of_a_payload_is_refused(which: Part) -> None:
    text = payload(KEY, SCHOOL, TAG, SLIP, which)
    wrong = one_wrong(text, "".join(sorted(QR_ALPHANUMERIC))) + two_swapped(text)
    wrong += [text[:at] + text[at + 1 :] for at in range(len(text))] + [f"{text} ", f" {text}", text.lower()]
    assert [other for other in wrong if parse(other) is not None] == []


def edited(code: SlipCode) -> list[SlipCode]:
    """The code with each field changed in each letter, check letters made good again."""
    changes = [
        {field: wrong}
        for field in ("key_version", "school", "tag", "slip", "mac")
        for wrong in one_wrong(getattr(code, field))
    ]
    return [msgspec.structs.replace(code, **change) for change in changes] + [
        msgspec.structs.replace(code, part=other) for other in Part if other is not code.part
    ]


@pytest.mark.parametrize("which", list(Part))
def test_s4_a_forger_who_mends_the_check_letters_still_lacks_the_key(which: Part) -> None:
    code = parse(payload(KEY, SCHOOL, TAG, SLIP, which))
    assert code is not None
    forgeries = edited(code)
    assert len(forgeries) == 31 * 37 + 2
    assert [forged for forged in forgeries if proves(KEY, forged)] == []


def test_s4_mended_check_letters_pass_the_first_door_only() -> None:
    text = payload(KEY, SCHOOL, TAG, SLIP, Part.FIRST)
    body = text[:14] + "1ZQ19AB8TC" + text[24:-2]
    code = parse(body + check_letters(body))
    assert code is not None
    assert code.slip == "1ZQ19AB8TC"
    assert not proves(KEY, code)


@given(st.text(max_size=60))
def test_s4_no_text_breaks_the_reader_of_codes(text: str) -> None:
    for untrusted in (text, f"CD1{text}", text.upper()):
        code = parse(untrusted)
        assert code is None or not proves(KEY, code)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("", False),
        ("https://school.example", False),
        ("WIFI:S:school;;", False),
        ("CD", True),
        ("CD9FUTURE", True),
        (payload(KEY, SCHOOL, TAG, SLIP, Part.SECOND), True),
    ],
)
def test_which_codes_claim_to_be_ours(text: str, ours: bool) -> None:
    assert is_ours(text) is ours


@given(st.integers(0, 32**ID_LENGTH - 1))
def test_encoding_counts_in_base_32(number: int) -> None:
    text = encode(number, ID_LENGTH)
    assert len(text) == ID_LENGTH
    assert sum(ALPHABET.index(letter) * 32**place for place, letter in enumerate(reversed(text))) == number


def test_the_alphabet_leaves_out_what_is_mistaken_for_something_else() -> None:
    assert len(set(ALPHABET)) == 32
    assert set("ILOU").isdisjoint(ALPHABET)
    assert all(kind.value in ALPHABET for kind in Part)
