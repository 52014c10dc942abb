"""Printing forms: what will come is seen before, a look keeps nothing, and paper, file and ledger agree."""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPageSize
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from consentdesk.desktop import on_paper, print_page
from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.print_page import PrintPage
from consentdesk.services.add_form import add_form
from consentdesk.services.office import Office
from consentdesk.store import ledger, slips
from tests.desktop.driving import Watchdog, settle, until, visit

MM = 72 / 25.4


def kept(qtbot: QtBot, window: MainWindow) -> tuple[int, int]:
    """How many print runs and events the office has."""
    found: list[tuple[int, int]] = []

    def count(office: Office) -> tuple[int, int]:
        return len(slips.runs(office.db)), ledger.head(office.db)[0]

    window.desk.ask(window, count, found.append)
    until(qtbot, lambda: found)
    return found[0]


def text_of(file: Path) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(file.read_bytes())) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def shown_text(page: PrintPage) -> str:
    """What stands on the page that is shown."""
    document = page.preview.view.document()
    return document.getAllText(page.preview.view.pageNavigator().currentPage()).text()


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> PrintPage:
    found = cast("PrintPage", visit(qtbot, window, "print"))
    until(qtbot, lambda: found.preview.pages)
    return found


@pytest.fixture
def a_printer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A printer that writes what would be on paper to a file, in place of the system's dialogue."""
    paper = tmp_path / "paper.pdf"

    def choose(_parent: object, name: str, then: object) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(paper))
        printer.setResolution(150)
        printer.setDocName(name)
        then(printer)  # type: ignore[operator]

    monkeypatch.setattr(print_page, "there_is_a_printer", lambda: True)
    monkeypatch.setattr(print_page, "choose_printer", choose)
    return paper


def answer(monkeypatch: pytest.MonkeyPatch, target: Path | None) -> None:
    """What the system's dialogue for a file says."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target or ""), ""))


def test_it_opens_on_a_class_with_its_pages(page: PrintPage) -> None:
    assert page.header.line.text() == "2 slips for 2 pupils · 4 pages of A4: 2 sheets printed on both sides"
    assert page.preview.whose.text() == "\u2068Ada Okafor\u2069, 4B"
    assert page.preview.counted.text() == "Page 1 of 4"
    assert "Ada Okafor" in shown_text(page)


def test_pages_are_turned_by_keys_and_buttons(qtbot: QtBot, window: MainWindow, page: PrintPage) -> None:
    window.activateWindow()
    until(qtbot, window.isActiveWindow)
    page.preview.view.setFocus()
    QTest.keyClick(page.preview.view, Qt.Key.Key_PageDown)
    assert page.preview.counted.text() == "Page 2 of 4"
    page.preview.on.click()
    until(qtbot, lambda: page.preview.counted.text() == "Page 3 of 4")
    assert page.preview.whose.text() == "\u2068Ben O'Neill\u2069, 4B"
    assert "Ben O'Neill" in shown_text(page)
    page.preview.on.click()
    assert not page.preview.on.isEnabled()
    page.preview.back.click()
    page.preview.back.click()
    until(qtbot, lambda: page.preview.counted.text() == "Page 2 of 4")


def test_pages_are_enlarged_and_made_whole_again(page: PrintPage) -> None:
    view = page.preview.view
    page.preview.larger.click()
    first = view.zoomFactor()
    page.preview.larger.click()
    assert view.zoomMode() is QPdfView.ZoomMode.Custom
    assert view.zoomFactor() == pytest.approx(first * 1.25)
    page.preview.smaller.click()
    assert view.zoomFactor() == pytest.approx(first)
    page.preview.whole.click()
    assert view.zoomMode() is QPdfView.ZoomMode.FitInView


def test_looking_keeps_nothing(qtbot: QtBot, window: MainWindow, page: PrintPage) -> None:
    before = kept(qtbot, window)
    for choice in page.options.forms.values():
        choice.turn(on=True)
    page.options.ways["everyone"].box.click()
    page.options.large.box.click()
    until(qtbot, lambda: page.preview.counted.text() == "Page 1 of 36")
    assert page.header.line.text().startswith("9 slips for 3 pupils · 36 pages of A4: 18 sheets")
    assert kept(qtbot, window) == before


def test_a_pupil_is_found_by_typing(qtbot: QtBot, page: PrintPage) -> None:
    page.options.ways["pupil"].box.click()
    assert page.preview.nothing.sentence.text() == "Choose a pupil to see their pages."
    qtbot.keyClicks(page.options.pupil.line, "unal")
    qtbot.keyClick(page.options.pupil.line, Qt.Key.Key_Return)
    until(qtbot, lambda: page.preview.pages == 2)
    assert page.options.pupil.value == "Cleo Ünal, 10A"
    assert "Cleo Ünal" in shown_text(page)


def test_names_are_offered_while_one_types(qtbot: QtBot, page: PrintPage) -> None:
    page.options.ways["pupil"].box.click()
    line = page.options.pupil.line
    line.setFocus()
    qtbot.keyClicks(line, "a")
    popup = line.completer().popup()
    until(qtbot, lambda: popup.model().rowCount() == 2)
    offered = [popup.model().index(at, 0).data() for at in range(2)]
    assert offered == ["Ada Okafor, 4B", "Cleo Ünal, 10A"]
    line.completer().activated[str].emit(offered[1])
    until(qtbot, lambda: page.preview.whose.text() == "\u2068Cleo Ünal\u2069, 10A")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Zed", "There is no pupil Zed. Nothing was done."),
        ("o", "O could be"),
        ("<b>Ada</b>", "There is no pupil <b>Ada</b>."),
        ("", "Type the name of a pupil."),
    ],
)
def test_a_pupil_nobody_knows_is_said_beside_the_field(
    qtbot: QtBot, window: MainWindow, page: PrintPage, typed: str, sentence: str
) -> None:
    before = kept(qtbot, window)
    page.options.ways["pupil"].box.click()
    qtbot.keyClicks(page.options.pupil.line, typed)
    page.print_button.click()
    until(qtbot, lambda: page.options.pupil.error)
    assert page.options.pupil.error.startswith(sentence)
    assert kept(qtbot, window) == before


def test_without_a_form_it_says_so_beside_the_forms(qtbot: QtBot, page: PrintPage) -> None:
    page.options.forms["image-use"].box.click()
    assert page.preview.nothing.sentence.text() == "Choose at least one form."
    page.save_button.click()
    assert page.options.forms_error.text() == "Choose at least one form."
    page.options.forms["web-publication"].box.click()
    assert page.options.forms_error.isHidden()
    until(qtbot, lambda: page.preview.pages == 4)


def test_nobody_misses_a_slip_before_any_was_printed(
    qtbot: QtBot, window: MainWindow, page: PrintPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.options.ways["missing"].box.click()
    until(qtbot, page.options.whom_error.text)
    assert page.options.whom_error.text().startswith("No slip of image-use is outstanding.")
    answer(monkeypatch, tmp_path / "forms.pdf")
    page.options.ways["class"].box.click()
    until(qtbot, lambda: page.preview.pages)
    page.save_button.click()
    until(qtbot, lambda: page.outcome.words)
    page.options.ways["missing"].box.click()
    until(qtbot, lambda: page.header.line.text().startswith("2 slips for 2 pupils"))


MUSEUM = """\
id = "museum"
family = "other"
title = "A day at the museum"
letter = ["Dear parent or carer,"]
withdraw = "Tell the school office."

[[questions]]
purpose = "museum.visit"
name = "Museum visit"
text = "May your child come with us?"

[[translations]]
language = "pl"
title = "Dzień w muzeum"
letter = ["Szanowni Państwo,"]
withdraw = "Proszę powiedzieć w sekretariacie."

[translations.questions]
"museum.visit" = "Czy dziecko może iść z nami?"
"""


def test_a_language_is_asked_for_where_all_forms_chosen_have_one_more(
    qtbot: QtBot, window: MainWindow, page: PrintPage, tmp_path: Path
) -> None:
    own = tmp_path / "museum.toml"
    own.write_text(MUSEUM, encoding="utf-8")
    added: list[object] = []
    window.desk.ask(window, lambda office: add_form(office, own), added.append)
    until(qtbot, lambda: added)
    page.arrive(Place("print"))
    until(qtbot, lambda: "museum" in page.options.forms)
    page.options.forms["museum"].box.click()
    assert page.options.language.isHidden()
    page.options.forms["image-use"].box.click()
    box = page.options.language.box
    assert [box.itemText(at) for at in range(box.count())] == ["English", "Polish (polski)"]
    page.options.language.choose("pl")
    until(qtbot, lambda: "Dzień w muzeum" in shown_text(page))


def test_a_pdf_is_saved_and_its_slips_are_kept(
    qtbot: QtBot, window: MainWindow, page: PrintPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, tmp_path / "my forms")
    page.save_button.click()
    assert not page.save_button.isEnabled()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words.startswith("Saved 2 slips on 4 pages in \u2068my forms.pdf\u2069.")
    assert "Ben O'Neill" in text_of(tmp_path / "my forms.pdf")
    assert kept(qtbot, window)[0] == 1
    assert page.save_button.isEnabled()


def test_the_proposed_name_is_never_a_pupil_s(
    qtbot: QtBot, page: PrintPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def dialogue(_parent: object, _title: str, name: str, *_: object) -> tuple[str, str]:
        asked.append(name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", dialogue)
    page.save_button.click()
    page.options.pupil.choose("Ada")
    page.options.ways["pupil"].box.click()
    until(qtbot, lambda: page.preview.pages == 2)
    page.save_button.click()
    assert [Path(name).name for name in asked] == ["image-use 4B.pdf", "image-use.pdf"]


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_kept(
    qtbot: QtBot, window: MainWindow, page: PrintPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = kept(qtbot, window)
    answer(monkeypatch, tmp_path / "missing" / "forms.pdf")
    page.save_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words.startswith("There is no folder")
    assert kept(qtbot, window) == before


def test_stopping_keeps_nothing(
    qtbot: QtBot, window: MainWindow, page: PrintPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = kept(qtbot, window)
    answer(monkeypatch, tmp_path / "forms.pdf")
    page.save_button.click()
    page.progress.cancel.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words == "Stopped. Nothing was printed and nothing was kept."
    assert kept(qtbot, window) == before
    assert list(tmp_path.glob("*.pdf")) == []
    assert page.progress.isHidden()


def test_what_is_on_paper_is_true_to_scale_and_known(
    qtbot: QtBot, window: MainWindow, page: PrintPage, a_printer: Path
) -> None:
    page.print_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words.startswith("4 pages went to")
    assert kept(qtbot, window)[0] == 1
    with pypdfium2.PdfDocument(a_printer) as printed:
        assert len(printed) == 4
        width, height = printed[0].get_size()
        assert (width / MM, height / MM) == (pytest.approx(210, abs=0.2), pytest.approx(297, abs=0.2))
        on_paper_ = printed[0].render(scale=2, grayscale=True).to_numpy().squeeze()
    before = page.preview.view.document()
    drawn = before.render(0, before.pagePointSize(0).toSize() * 2)
    bits = drawn.convertToFormat(drawn.Format.Format_Alpha8)
    rows = [at for at in range(bits.height()) if bytes(bits.constScanLine(at)).count(255) > 900]
    dark = [at for at in range(on_paper_.shape[0]) if (on_paper_[at] < 160).sum() > 900]
    # The frame of the slip goes from side to side: its two lines stand where they stood, within a third of a mm.
    assert rows
    assert (dark[0], dark[-1]) == (pytest.approx(rows[0], abs=2), pytest.approx(rows[-1], abs=2))


def test_no_file_is_left_behind_by_printing(
    qtbot: QtBot, page: PrintPage, a_printer: Path, tmp_path: Path
) -> None:
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    page.print_button.click()
    until(qtbot, lambda: page.outcome.words)
    after = {file for file in tmp_path.rglob("*") if file.is_file()}
    assert after - before == {a_printer}


def test_printing_can_be_stopped_between_pages(
    qtbot: QtBot, window: MainWindow, page: PrintPage, a_printer: Path
) -> None:
    page.options.ways["everyone"].box.click()
    until(qtbot, lambda: page.preview.pages == 6)
    page.print_button.click()
    until(qtbot, lambda: page.progress.what.text() == "Printing" or page.outcome.words)
    page.progress.cancel.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words.startswith("Stopped. What the printer had already taken")
    assert kept(qtbot, window)[0] == 1


def test_without_a_printer_it_says_what_to_do(page: PrintPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_page, "there_is_a_printer", lambda: False)
    page.print_button.click()
    assert page.outcome.words.startswith("No printer is set up on this computer.")


def test_a_printer_that_refuses_is_told_of(qtbot: QtBot, page: PrintPage, a_printer: Path) -> None:
    a_printer.mkdir()
    page.print_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words.startswith("The printer stopped taking pages. The slips are kept")


def test_the_dialogue_begins_with_a4_upright(page: PrintPage, qtbot: QtBot) -> None:
    chosen: list[QPrinter] = []
    on_paper.choose_printer(page, "forms", chosen.append)
    until(qtbot, lambda: page.findChild(on_paper.QPrintDialog))
    dialogue = page.findChild(on_paper.QPrintDialog)
    printer = dialogue.printer()
    assert printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialogue.accepted.emit(printer)
    assert len(chosen) == 1
    dialogue.reject()


@pytest.mark.parametrize(
    ("about", "whose", "pages"),
    [("10A", "Cleo Ünal", 2), ("everyone", "Ada Okafor", 6), ("103", "Cleo Ünal", 2)],
)
def test_it_turns_to_what_another_page_is_about(
    qtbot: QtBot, window: MainWindow, page: PrintPage, about: str, whose: str, pages: int
) -> None:
    visit(qtbot, window, "print", about)
    until(qtbot, lambda: page.preview.pages == pages)
    assert whose in page.preview.whose.text()


def test_nothing_keeps_the_window_waiting(
    qtbot: QtBot, window: MainWindow, page: PrintPage, a_printer: Path, watchdog: Watchdog
) -> None:
    watchdog.forget()
    page.options.ways["everyone"].box.click()
    until(qtbot, lambda: page.preview.pages == 6)
    page.preview.on.click()
    page.preview.larger.click()
    page.print_button.click()
    until(qtbot, lambda: page.outcome.words)


def test_the_lock_during_printing_takes_the_page_and_not_the_paper(
    qtbot: QtBot, window: MainWindow, page: PrintPage, a_printer: Path
) -> None:
    page.print_button.click()
    window.lock()
    until(qtbot, lambda: a_printer.exists() and window.desk.job is None)
    with pypdfium2.PdfDocument(a_printer) as printed:
        assert len(printed) == 4


@pytest.mark.parametrize("points", [10, 18])
def test_in_little_room_the_preview_stands_below(qtbot: QtBot, window: MainWindow, points: int) -> None:
    window.change_appearance(Appearance(theme="light", text_size=points))
    page = cast("PrintPage", visit(qtbot, window, "print"))
    settle(qtbot, window)
    QApplication.processEvents()
    below = page.preview.mapTo(page, page.preview.rect().topLeft()).y()
    card = page.options.mapTo(page, page.options.rect().bottomLeft()).y()
    assert (below > card) == (points == 18)
