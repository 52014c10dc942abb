"""`office.keys`: opens to the right password alone, tells damage from a wrong password, and is never half written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from argon2.exceptions import HashingError

from consentdesk.errors import DamagedOffice, KnownError, NewerOffice, WrongPassword
from consentdesk.store import keys, slots
from consentdesk.store.slots import FLOOR, Cost, Role, Unlocked, User

DATABASE = "d" * 32
HEAD = User("1" * 32, "Ada Made-Up", Role.HEAD)
CLERK = User("2" * 32, "Zoë O’Example", Role.OFFICE)
SHEET = User("3" * 32, "Holder of the recovery sheet", Role.HEAD, recovery=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Unlocked, tuple[str, ...]]:
    """A key file's bytes, with two users and a sheet; made once, since every slot costs a few moments."""
    path = tmp_path_factory.mktemp("keys") / "office.keys"
    unlocked = keys.create(path, DATABASE, HEAD, "correct horse", cost=FLOOR)
    keys.add_user(path, unlocked, CLERK, "battery staple", cost=FLOOR)
    groups = keys.add_recovery(path, unlocked, SHEET)
    return path.read_bytes(), unlocked, groups


@pytest.fixture
def path(tmp_path: Path, made: tuple[bytes, Unlocked, tuple[str, ...]]) -> Path:
    file = tmp_path / "office.keys"
    file.write_bytes(made[0])
    return file


@pytest.fixture
def unlocked(made: tuple[bytes, Unlocked, tuple[str, ...]]) -> Unlocked:
    return made[1]


@pytest.fixture
def groups(made: tuple[bytes, Unlocked, tuple[str, ...]]) -> tuple[str, ...]:
    return made[2]


def rewritten(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the file as somebody would who knows its layout: the checksum is right again."""
    body, _, _ = path.read_bytes().rpartition(b"sha256 ")
    contents = msgspec.json.decode(body)
    change(contents)
    body = msgspec.json.encode(contents) + b"\n"
    path.write_bytes(body + b"sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n")


@pytest.mark.parametrize(
    ("name", "password"), [("Ada Made-Up", "correct horse"), ("Zoë O’Example", "battery staple")]
)
def test_each_user_opens_the_same_data_key(path: Path, unlocked: Unlocked, name: str, password: str) -> None:
    opened = keys.unlock(path, name, password)
    assert opened.data_key == unlocked.data_key
    assert opened.user.name == name
    assert opened.database == DATABASE


def test_the_recovery_sheet_opens_it_too(path: Path, unlocked: Unlocked, groups: tuple[str, ...]) -> None:
    opened = keys.unlock_with_recovery(path, " ".join(groups))
    assert opened.data_key == unlocked.data_key
    assert opened.user == SHEET


def test_the_users_are_listed_without_the_sheet(path: Path) -> None:
    assert keys.users(path) == (HEAD, CLERK)


@pytest.mark.parametrize("name", ["ada made-up", "  Ada   Made-Up ", "ADA MADE-UP"])
def test_a_name_is_found_however_it_is_typed(path: Path, name: str) -> None:
    assert keys.unlock(path, name, "correct horse").user == HEAD


def test_an_accent_counts_the_same_however_the_keyboard_writes_it(path: Path, unlocked: Unlocked) -> None:
    keys.change_password(path, unlocked, CLERK, "cafe\u0301 noir", cost=FLOOR)
    assert keys.unlock(path, CLERK.name, "caf\u00e9 noir").user == CLERK


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("Ada Made-Up", "battery staple", "password is wrong"),
        ("Ada Made-Up", "", "password is wrong"),
        ("Ada Made-Up", "Correct horse", "password is wrong"),
        ("Nobody", "correct horse", "nobody called Nobody|Nobody called Nobody"),
        (SHEET.name, "correct horse", "obody called"),
        (None, "correct horse", "2 users"),
    ],
)
def test_a_wrong_password_or_name_opens_nothing(
    path: Path, name: str | None, password: str, says: str
) -> None:
    with pytest.raises(WrongPassword, match=says):
        keys.unlock(path, name, password)


def test_another_offices_sheet_opens_nothing(path: Path, unlocked: Unlocked, groups: tuple[str, ...]) -> None:
    keys.add_recovery(path, unlocked, SHEET)
    with pytest.raises(WrongPassword, match="recovery sheet is not"):
        keys.unlock_with_recovery(path, groups)


def test_the_only_user_need_not_say_who_they_are(tmp_path: Path) -> None:
    keys.create(tmp_path / "k", DATABASE, HEAD, "correct horse", cost=FLOOR)
    assert keys.unlock(tmp_path / "k", None, "correct horse").user == HEAD


def test_any_one_flipped_byte_is_damage_and_not_a_wrong_password(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :])
        with pytest.raises(DamagedOffice, match=r"office\.keys is damaged"):
            keys.unlock(path, HEAD.name, "correct horse")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_cut_short_is_damage(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DamagedOffice):
        keys.unlock(path, HEAD.name, "correct horse")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DamagedOffice, match="missing"):
        keys.unlock(tmp_path / "office.keys", HEAD.name, "correct horse")


def test_a_newer_layout_is_neither_damage_nor_a_wrong_password(path: Path) -> None:
    rewritten(path, lambda contents: contents.update(format=keys.CHANGING + 1, slots="who knows"))
    with pytest.raises(NewerOffice):
        keys.unlock(path, HEAD.name, "correct horse")


def swap_users(contents: dict[str, Any]) -> None:
    first, second = contents["slots"][0], contents["slots"][1]
    first["user"], second["user"] = second["user"], first["user"]


def swap_locks(contents: dict[str, Any]) -> None:
    first, second = contents["slots"][0], contents["slots"][1]
    for part in ("salt", "nonce", "public", "private", "data_key", "cost"):
        first[part], second[part] = second[part], first[part]


def promote(contents: dict[str, Any]) -> None:
    contents["slots"][1]["user"]["role"] = "head"


def rename(contents: dict[str, Any]) -> None:
    contents["slots"][1]["user"]["name"] = "Somebody Else"


def cheapen(contents: dict[str, Any]) -> None:
    contents["slots"][1]["cost"]["passes"] += 1


def other_office(contents: dict[str, Any]) -> None:
    contents["database"] = "e" * 32


def other_public_half(contents: dict[str, Any]) -> None:
    contents["slots"][1]["public"] = contents["slots"][0]["public"]


@pytest.mark.parametrize(
    "change", [swap_users, swap_locks, promote, rename, cheapen, other_office, other_public_half]
)
def test_whoever_rewrites_a_slot_only_breaks_it(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    rewritten(path, change)
    for password in ("correct horse", "battery staple"):
        name = keys.users(path)[1].name
        with pytest.raises(WrongPassword):
            keys.unlock(path, name, password)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("passes", 1),
        ("memory_kib", 8),
        ("lanes", 0),
        ("passes", 10_000),
        ("memory_kib", 2**31),
        ("lanes", 2**20),
    ],
)
def test_a_cost_under_the_floor_or_over_the_ceiling_is_refused_before_it_is_tried(
    path: Path, part: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten(path, lambda contents: contents["slots"][0]["cost"].update({part: value}))
    monkeypatch.setattr(slots, "hash_secret_raw", lambda *_, **__: pytest.fail("it was tried"))
    with pytest.raises(DamagedOffice, match="weaker or stranger lock"):
        keys.unlock(path, HEAD.name, "correct horse")


@pytest.mark.parametrize("cost", [Cost(1, 19 * 1024, 1), Cost(2, 1024, 1), Cost(2, 19 * 1024, 0)])
def test_no_slot_is_made_under_the_floor(tmp_path: Path, cost: Cost) -> None:
    with pytest.raises(ValueError, match="FLOOR"):
        keys.create(tmp_path / "k", DATABASE, HEAD, "correct horse", cost=cost)
    assert not (tmp_path / "k").exists()


def take_the_other_data_key(contents: dict[str, Any]) -> None:
    contents["slots"][0]["data_key"] = contents["slots"][1]["data_key"]


def shorten_the_nonce(contents: dict[str, Any]) -> None:
    contents["slots"][0]["nonce"] = ""


def lose_a_field(contents: dict[str, Any]) -> None:
    del contents["slots"][0]["salt"]


@pytest.mark.parametrize("change", [take_the_other_data_key, shorten_the_nonce, lose_a_field])
def test_a_slot_that_cannot_be_right_is_damage(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    rewritten(path, change)
    with pytest.raises(DamagedOffice):
        keys.unlock(path, HEAD.name, "correct horse")


def test_a_new_password_replaces_the_old_and_touches_nobody_else(path: Path, unlocked: Unlocked) -> None:
    keys.change_password(path, unlocked, CLERK, "a new password", cost=FLOOR)
    assert keys.unlock(path, CLERK.name, "a new password").data_key == unlocked.data_key
    assert keys.unlock(path, HEAD.name, "correct horse").data_key == unlocked.data_key
    with pytest.raises(WrongPassword):
        keys.unlock(path, CLERK.name, "battery staple")


def test_the_file_before_a_change_is_kept_until_somebody_signs_in_with_the_new_one(
    path: Path, unlocked: Unlocked
) -> None:
    before = path.read_bytes()
    keys.change_password(path, unlocked, CLERK, "a new password", cost=FLOOR)
    assert keys.previous(path).read_bytes() == before
    keys.unlock(path, HEAD.name, "correct horse")
    assert not keys.previous(path).exists()


def test_a_removed_users_slot_is_gone_from_the_kept_file_too(path: Path, unlocked: Unlocked) -> None:
    keys.remove_user(path, unlocked, CLERK.id)
    assert keys.users(path) == (HEAD,)
    assert not keys.previous(path).exists()
    with pytest.raises(WrongPassword):
        keys.unlock(path, CLERK.name, "battery staple")


def test_a_name_is_given_once(path: Path, unlocked: Unlocked) -> None:
    with pytest.raises(KnownError, match="already a user"):
        keys.add_user(
            path, unlocked, User("4" * 32, "ADA MADE-UP", Role.TEACHER), "whatever it is", cost=FLOOR
        )


def test_a_change_that_is_interrupted_leaves_the_old_file(
    path: Path, unlocked: Unlocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keys, "unseal", power_cut)
    with pytest.raises(KeyboardInterrupt):
        keys.change_password(path, unlocked, CLERK, "a new password", cost=FLOOR)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert keys.unlock(path, CLERK.name, "battery staple").user == CLERK
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_comes_back_wrong_from_the_disk_never_takes_the_old_ones_place(
    path: Path, unlocked: Unlocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def rotten(part: Path) -> None:
        part.write_bytes(part.read_bytes()[:-100])

    monkeypatch.setattr(keys.paths, "flush_to_disk", rotten)
    with pytest.raises(DamagedOffice):
        keys.change_password(path, unlocked, CLERK, "a new password", cost=FLOOR)
    assert path.read_bytes() == before


def test_where_memory_is_short_a_new_slot_takes_the_lighter_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    stretch = slots.hash_secret_raw

    def short_of_memory(*args: Any, **kwargs: Any) -> bytes:
        tried.append(kwargs["memory_cost"])
        if kwargs["memory_cost"] > 64 * 1024:
            raise HashingError("Memory allocation error")
        return stretch(*args, **kwargs)

    monkeypatch.setattr(slots, "hash_secret_raw", short_of_memory)
    keys.create(tmp_path / "k", DATABASE, HEAD, "correct horse")
    assert tried == [256 * 1024, 64 * 1024, 64 * 1024]
    assert keys.unlock(tmp_path / "k", None, "correct horse").user == HEAD


def test_where_memory_is_short_a_heavy_slot_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def short_of_memory(*_: object, **__: object) -> bytes:
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(slots, "hash_secret_raw", short_of_memory)
    with pytest.raises(KnownError, match="19 MiB of memory"):
        keys.unlock(path, HEAD.name, "correct horse")


def test_the_data_key_shows_in_no_text(unlocked: Unlocked, path: Path) -> None:
    assert unlocked.data_key.hex() not in repr(unlocked)
    assert repr(unlocked.data_key) not in repr(unlocked)
    assert unlocked.data_key not in path.read_bytes()


def test_every_purpose_has_a_key_of_its_own() -> None:
    key = bytes(32)
    made = {
        slots.derived(key, database, purpose)
        for database in ("a", "b")
        for purpose in ("office.db", "images.db")
    }
    assert len(made) == 4
    assert key not in made
