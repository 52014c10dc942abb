"""This computer's settings: which office to open and who last signed in. The school's settings live in the office."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from consentdesk import paths


class Settings(msgspec.Struct, frozen=True):
    """What this computer remembers between runs. `office` is the folder of the office last chosen, if any."""

    office: str | None = None
    last_user: str | None = None


def _file() -> Path:
    return paths.computer_folder() / "settings.json"


def load() -> Settings:
    """The settings of this computer; the defaults where there are none or they cannot be read."""
    try:
        return msgspec.json.decode(_file().read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        # A lost settings file costs one question at the next start, so it is not worth an error.
        return Settings()


def save(settings: Settings) -> None:
    """Keep `settings` for the next run. Raises `KnownError` where the folder cannot be written."""
    paths.make_private_folder(paths.computer_folder())
    with paths.write_whole(_file()) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))


def office_folder(named: Path | None = None) -> Path:
    """The office to open: the one named, else `CONSENTDESK_OFFICE`, else the remembered, else the one offered."""
    if named is not None:
        return named
    from_environment = os.environ.get("CONSENTDESK_OFFICE")
    if from_environment:
        return Path(from_environment)
    remembered = load().office
    return Path(remembered) if remembered else paths.offered_office()
