"""Faces and lines: which characters print, how wide text is, where it breaks, and text from right to left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk import paths
from consentdesk.printing import bidi, fonts

RLM = bidi.RIGHT_TO_LEFT_MARK


@pytest.mark.parametrize(
    "text",
    [
        "Zoë O’Brien-Łukasiewicz",
        "Ştefan Țară, Šárka, Åse, İpek, Nguyễn Thị Ánh",
        "Олександр Щербак",
        "Γιώργος Παπαδόπουλος",
        "محمد علی",
        "דוד",
        "শ্রীময়ী দত্ত",
        "हर्षवर्धन",
        "કૃષ્ણા",
        "ਹਰਪ੍ਰੀਤ",
        "கார்த்திக்",
        "Adébáyọ̀",
    ],
)
@pytest.mark.parametrize("role", ["regular", "bold"])
def test_names_of_many_languages_print(text: str, role: str) -> None:
    assert fonts.missing_glyph(text, role) is None
    assert fonts.width(text, role, 10) > 0


@pytest.mark.parametrize(
    ("text", "role", "missing"),
    [
        ("王小明", "regular", "王"),
        ("Amelia 🌻", "bold", "🌻"),
        ("bell \u0007", "regular", "\u0007"),
        ("\ue001", "regular", "\ue001"),
        ("Ж", "mono", "Ж"),
    ],
)
def test_a_character_without_a_glyph_is_named(text: str, role: str, missing: str) -> None:
    assert fonts.missing_glyph(text, role) == missing


def test_what_was_shaped_before_makes_no_character_printable() -> None:
    """Shaped glyphs are drawn through private codes, which must not pass for text."""
    fonts.set_text("শ্রীময়ী محمد")
    codes = {ord(letter) for piece in fonts.set_text("শ্রীময়ী محمد").pieces for letter in piece.text}
    private = [chr(code) for code in codes if 0xE000 <= code <= 0xF8FF]
    assert private
    assert all(fonts.missing_glyph(letter) == letter for letter in private)


def test_letters_of_joined_scripts_join_and_marks_add_no_width() -> None:
    def glyphs(text: str) -> list[str]:
        return [piece.text for piece in fonts.set_text(text).pieces]

    kept_apart = "\u200c".join("محمد")
    assert not set(glyphs("محمد")[1:]) & set(glyphs(kept_apart)[1:])
    assert fonts.width("ọ̀", "regular", 10) == pytest.approx(fonts.width("ọ", "regular", 10), rel=0.1)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("plain text (2026)", [("plain text (2026)", True)]),
        ("שלום", [("שלום", False)]),
        ("abc שלום", [("abc ", True), ("שלום", False)]),
        ("שלום abc", [("abc", True), ("שלום ", False)]),
        ("שלום 15 abc", [("abc", True), (" ", False), ("15", True), ("שלום ", False)]),
        ("محمد 15 علي", [(" علي", False), ("15", True), ("محمد ", False)]),
        ("محمد 1,500.25 كم", [(" كم", False), ("1,500.25", True), ("محمد ", False)]),
        ("שלום -50%", [("50%", True), ("שלום -", False)]),
        (f"{RLM}Hawthorn School", [("Hawthorn School", True)]),
        (f"{RLM}abc.", [(".", False), ("abc", True)]),
        (f"{RLM}1", [("1", True)]),
        ("abc דוד-בן xyz", [("abc ", True), ("דוד-בן", False), (" xyz", True)]),
        ("a\u202eb\u202cc", [("abc", True)]),
    ],
)
def test_runs_stand_in_the_order_of_the_bidirectional_algorithm(
    text: str, runs: list[tuple[str, bool]]
) -> None:
    assert [tuple(run) for run in bidi.visual_runs(text)] == runs


@given(st.text(st.sampled_from("abשלعلی 12.,-+%()٣/\u0301"), max_size=24))
def test_no_character_is_lost_or_doubled_in_mixed_text(text: str) -> None:
    runs = bidi.visual_runs(text)
    assert sorted("".join(run.text for run in runs)) == sorted(text)


@given(
    st.text("abcdefghij klmnopqrst-éŁ’", max_size=200),
    st.floats(8, 200),
    st.sampled_from([7.0, 10.5, 16.0]),
)
def test_wrapping_keeps_every_word_and_the_width(text: str, room: float, size: float) -> None:
    for wrapped in (fonts.wrap(text, "regular", size, room), fonts.wrap_evenly(text, "regular", size, room)):
        assert "".join(wrapped).replace(" ", "") == fonts.clean(text).replace(" ", "")
        assert all(fonts.width(line, "regular", size) <= room for line in wrapped)
        assert all(line and line == line.strip() for line in wrapped)


def test_a_last_word_does_not_stand_alone() -> None:
    text = "May we show pictures of your child where visitors go, such as the entrance hall?"
    room = fonts.width(text, "regular", 10) - 1
    assert fonts.wrap(text, "regular", 10, room)[-1] == "hall?"
    even = fonts.wrap_evenly(text, "regular", 10, room)
    assert len(even) == 2
    assert fonts.width(even[-1], "regular", 10) > 0.4 * room


def test_a_long_double_name_breaks_after_its_hyphen() -> None:
    name = "Featherstonehaugh-Cholmondeley"
    room = fonts.width(name, "bold", 10) - 1
    assert fonts.wrap(name, "bold", 10, room) == ("Featherstonehaugh-", "Cholmondeley")


def test_every_face_ships_with_its_licence() -> None:
    folder = paths.shipped("resources", "fonts")
    licences = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("OFL-*.txt")}
    faces = list(folder.glob("*.ttf"))
    assert faces
    for face in faces:
        family = "Atkinson" if face.name.startswith("Atkinson") else "Noto"
        assert any(
            family in name and "SIL OPEN FONT LICENSE" in text.upper() for name, text in licences.items()
        )
    assert sum(face.stat().st_size for face in faces) < 2_000_000
