"""What bad input gets: one clear sentence on standard error, exit 1, no traceback, and nothing lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from consentdesk.cli.app import run
from consentdesk.printing.locked import encrypted
from consentdesk.scanning import scan_file
from consentdesk.services import keep_scan
from consentdesk.services.office import open_office
from consentdesk.store import reserve
from tests.cli.command_line import PASSWORD, Cli, Result

PROJECT = Path(__file__).resolve().parents[2]

Prepare = Callable[[Path, pytest.MonkeyPatch], None]


def one_sentence(result: Result) -> str:
    """The one sentence of a command that failed for a known reason."""
    assert result.code == 1, result
    assert "Traceback" not in result.err
    (line,) = result.err.splitlines()
    # A sentence starts with a capital, but the name of a file stays as it is written.
    assert line[0].isupper() or not line.split()[0].isalpha()
    assert line.endswith(".")
    return line


def events_of(folder: Path) -> int:
    """How many events the office holds; opening it proves that it is sound."""
    with open_office(folder / "office", None, PASSWORD) as office:
        return office.db.head[0]


def nothing(_: Path, __: pytest.MonkeyPatch) -> None:
    """Nothing to prepare: what is asked for is the bad input."""


def write(name: str, content: bytes | str) -> Prepare:
    def prepare(folder: Path, _: pytest.MonkeyPatch) -> None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return prepare


def printed(change: Callable[[bytes], bytes]) -> Prepare:
    """A scan made of a printed form, then changed."""

    def prepare(folder: Path, _: pytest.MonkeyPatch) -> None:
        assert run(["print", "--form", "web-publication", "--pupil", "101", "--out", "f.pdf"]) == 0
        (folder / "scan.pdf").write_bytes(change((folder / "f.pdf").read_bytes()))

    return prepare


def enormous(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed(bytes)(folder, monkeypatch)
    monkeypatch.setattr(scan_file, "MAX_FILE", 1000)


def still_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed(bytes)(folder, monkeypatch)
    begin = keep_scan.scan_files.begin_file

    def and_more_comes(*arguments: object) -> str:
        with (folder / "scan.pdf").open("ab") as file:
            file.write(b"more")
        return begin(*arguments)

    monkeypatch.setattr(keep_scan.scan_files, "begin_file", and_more_comes)


def wrong_password(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENTDESK_PASSWORD", "other words entirely")


def no_password(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONSENTDESK_PASSWORD")


def no_office(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSENTDESK_OFFICE", "elsewhere")


def refusing(number: int) -> Prepare:
    """A folder `away` into which the system lets nobody write."""

    def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "away").mkdir()
        opening = os.open

        def refuse(path: object, flags: int, *arguments: int, **more: int) -> int:
            if flags & os.O_CREAT and "away" in str(path):
                raise OSError(number, os.strerror(number))
            return opening(path, flags, *arguments, **more)

        monkeypatch.setattr(os, "open", refuse)

    return prepare


TWINS = "First name,Last name,Class\nAda,Okafor,6C\nAda,Okafor,6C\n"
EXPORT = ["export", "--all", "--to"]
PRINT = ["print", "--form", "image-use", "--all", "--out"]

BAD_INPUT: dict[str, tuple[Prepare, list[str], str]] = {
    "wrong password": (wrong_password, ["status"], "The password is wrong"),
    "no password and nobody to ask": (no_password, ["status"], "A password is needed"),
    "unknown user": (nothing, ["--user", "nobody", "status"], "Nobody called nobody may sign in"),
    "no office": (no_office, ["status"], "There is no office in elsewhere"),
    "a second office in one place": (nothing, ["init", "--school", "X"], "already holds an office"),
    "encrypted scan": (
        printed(lambda pdf: encrypted(pdf, "secret")),
        ["read", "scan.pdf"],
        "protected by a password",
    ),
    "cut-short scan": (printed(lambda pdf: pdf[:3000]), ["read", "scan.pdf"], "cut short or damaged"),
    "empty scan": (write("scan.pdf", b""), ["read", "scan.pdf"], "the file is empty"),
    "enormous scan": (enormous, ["read", "scan.pdf"], "the file is over"),
    "non-image scan": (
        write("scan.pdf", "Dear parents,"),
        ["read", "scan.pdf"],
        "not a PDF, TIFF, JPEG or PNG",
    ),
    "missing scan": (nothing, ["read", "scan.pdf"], "the file is missing"),
    "half-written scan": (still_written, ["read", "scan.pdf"], "the scanner were still writing it"),
    "class list empty": (write("l.csv", b""), ["import", "l.csv"], "The file l.csv is empty"),
    "class list of headings": (
        write("l.csv", "First name,Last name\n"),
        ["import", "l.csv"],
        "names no pupil",
    ),
    "class list without a name column": (
        write("l.csv", "Class,Shoe size\n4B,33\n"),
        ["import", "l.csv"],
        "no column for the pupils’ names",
    ),
    "class list with twins": (
        write("l.csv", TWINS),
        ["import", "l.csv", "--apply"],
        "the same name and class",
    ),
    "class list in an unreadable encoding": (
        write("l.csv", b"First name,Last name\n\x81\x8d\x8f\x90\x9d,\x81\x8d\n"),
        ["import", "l.csv"],
        "encoding",
    ),
    "missing class list": (nothing, ["import", "l.csv"], "There is no file"),
    "unknown form": (
        nothing,
        ["print", "--form", "imageuse", "--all", "--out", "o.pdf"],
        "There is no form imageuse",
    ),
    "unknown class to print": (
        nothing,
        ["print", "--form", "image-use", "--class", "5C", "--out", "o.pdf"],
        "choose from 4B, 10A",
    ),
    "unknown class": (nothing, ["status", "--class", "5C"], "There is no class 5C"),
    "unknown class to export": (
        nothing,
        ["export", "--class", "5C", "--to", "o.pdf"],
        "There is no class 5C",
    ),
    "unknown pupil": (nothing, ["status", "--pupil", "Nobody"], "There is no pupil Nobody"),
    "unknown purpose": (
        nothing,
        ["status", "--purpose", "image.webside"],
        "There is no purpose image.webside",
    ),
    "unknown purpose withdrawn": (
        nothing,
        ["withdraw", "--pupil", "101", "--purpose", "image.webside", "--how", "letter"],
        "There is no purpose image.webside",
    ),
    "withdrawal of something never given": (
        nothing,
        ["withdraw", "--pupil", "101", "--purpose", "image.website", "--how", "letter"],
        "was never asked about image.website",
    ),
    "unknown language": (
        nothing,
        ["print", "--form", "image-use", "--all", "--language", "cy", "--out", "o.pdf"],
        "no language cy",
    ),
    "unknown batch": (nothing, ["confirm", "--batch", "7"], "There is no batch 7"),
    "unknown slip": (
        nothing,
        ["review", "decide", "0000-0000-0000", "--all", "no"],
        "has never printed a slip",
    ),
    "wrong slip code": (nothing, ["key", "0000-0000-0001", "web.work=no"], "is no slip code"),
    "output folder missing": (nothing, [*PRINT, "missing/o.pdf"], "There is no folder missing"),
    "output is a folder": (nothing, [*PRINT, "office"], "Office is a folder"),
    "output under a file": (write("file", "x"), [*PRINT, "file/o.pdf"], "There is no folder file"),
    "output folder read-only": (refusing(errno.EROFS), [*PRINT, "away/o.pdf"], "may not be written by you"),
    "output folder forbidden": (refusing(errno.EACCES), [*EXPORT, "away/o.csv"], "may not be written"),
    "output on a full disk": (refusing(errno.ENOSPC), [*PRINT, "away/o.pdf"], "The disk is full"),
    "JSON to a missing folder": (
        nothing,
        ["status", "--json", "missing/s.json"],
        "There is no folder missing",
    ),
    "encrypted CSV": (nothing, [*EXPORT, "o.csv", "--encrypt"], "A CSV file cannot be encrypted"),
    "export to an unknown kind": (
        nothing,
        [*EXPORT, "o.docx"],
        "The file name o.docx does not say what to write",
    ),
    "form that is no TOML": (
        write("f.toml", "id ="),
        ["form", "add", "f.toml"],
        "The file f.toml is not TOML",
    ),
    "missing form": (nothing, ["form", "add", "f.toml"], "could not be read (No such file or directory)"),
    "backup over something": (nothing, ["backup", "office"], "exists already"),
    "short password": (nothing, ["user", "add", "Tess"], "needs at least 8 characters"),
    "unknown user to remove": (nothing, ["user", "remove", "Tess"], "There is no user Tess"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_one_sentence_and_nothing_is_lost(folder: Path, cli: Cli, case: str) -> None:
    prepare, arguments, part = BAD_INPUT[case]
    with pytest.MonkeyPatch.context() as patch:
        prepare(folder, patch)
        patch.setenv("CONSENTDESK_NEW_PASSWORD", "short")
        before = events_of(folder)
        result = cli(*arguments)
    assert part in one_sentence(result)
    assert events_of(folder) == before
    assert not [
        file for file in folder.rglob("*") if file.suffix == ".part" or file.name in ("o.pdf", "o.csv")
    ]


def damaged_database(folder: Path) -> None:
    file = folder / "office" / "office.db"
    content = bytearray(file.read_bytes())
    for at in range(len(content) // 2, len(content) // 2 + 64):
        content[at] ^= 0xFF
    file.write_bytes(content)


def missing_database(folder: Path) -> None:
    (folder / "office" / "office.db").unlink()


def damaged_keys(folder: Path) -> None:
    file = folder / "office" / "office.keys"
    file.write_bytes(file.read_bytes()[:-100])


def newer_database(folder: Path) -> None:
    with open_office(folder / "office", None, PASSWORD) as office, office.db.writing():
        office.db.office.write(sa.text("UPDATE alembic_version SET version_num = '9999'"))


def older_database(folder: Path) -> None:
    older = (folder / "office" / "office.db").read_bytes()
    assert run(["print", "--form", "web-publication", "--all", "--out", "f.pdf"]) == 0
    (folder / "office" / "office.db").write_bytes(older)


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (damaged_database, "office.db is damaged"),
        (missing_database, "office.db"),
        (damaged_keys, "office.keys is damaged"),
        (newer_database, "newer version of ConsentDesk"),
        (older_database, "is older than what this computer saw"),
    ],
    ids=lambda value: getattr(value, "__name__", "").replace("_", " "),
)
def test_an_office_that_cannot_be_trusted_is_not_opened_and_not_changed(
    folder: Path, cli: Cli, spoil: Callable[[Path], None], part: str
) -> None:
    assert cli("status").code == 0
    spoil(folder)
    before = {file.name: file.read_bytes() for file in (folder / "office").iterdir()}
    assert part in one_sentence(cli("status"))
    assert {file.name: file.read_bytes() for file in (folder / "office").iterdir()} == before


def test_an_office_open_in_another_program_is_not_opened_twice(folder: Path, cli: Cli) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from consentdesk.services.office import open_office\n"
        "with open_office(Path(os.environ['CONSENTDESK_OFFICE']), None, os.environ['CONSENTDESK_PASSWORD']):\n"
        "    print('open', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        assert "open in another program" in one_sentence(cli("status"))
        other.communicate()
    assert cli("status").code == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if not mount or not umount:
        pytest.skip("this system has no mount")
    made = subprocess.run(  # noqa: S603 - our own words
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only a privileged user may mount a small disk")
    try:
        yield place
    finally:
        subprocess.run([umount, str(place)], check=True)  # noqa: S603 - our own words


def test_a_full_disk_under_the_office_loses_nothing_that_was_saved(
    folder: Path, small_disk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The disk is too small for a reserve.
    shutil.copytree(folder / "office", small_disk / "office", ignore=shutil.ignore_patterns(reserve.NAME))
    monkeypatch.setenv("CONSENTDESK_OFFICE", str(small_disk / "office"))
    many = folder / "many.csv"
    rows = "".join(f"First{number},Last{number},{number % 90}X,{number}\n" for number in range(1000, 9000))
    many.write_text("First name,Last name,Class,Admission number\n" + rows, encoding="utf-8")
    before = cli("status", "--json", "-").out
    assert "The disk is full" in one_sentence(cli("import", many, "--apply"))
    after = cli("status", "--json", "-")
    assert after.code == 0
    assert after.out.count('"pupil"') == before.count('"pupil"') == 3
    (small_disk / "filler").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 4096))
    result = cli("print", "--form", "web-publication", "--all", "--out", folder / "f.pdf")
    assert "The disk is full" in one_sentence(result)
    (small_disk / "filler").unlink()
    assert cli("verify").code == 0
    assert cli("print", "--form", "web-publication", "--all", "--out", folder / "f.pdf").code == 0
