"""Form versions that ship with the program, printed once for all tests of the reader."""

from __future__ import annotations

import pytest

from consentdesk.model.form import Variant
from consentdesk.printing.formfile import shipped_definitions
from consentdesk.scanning.templates import Template
from tests.scanning.made_up import Version, print_version

VERSIONS = {
    "many": ("image-use", Variant(), "K7M2"),
    "pupil": ("internet-access", Variant(pupil_part=True, stage="older"), "K7M3"),
    "large": ("web-publication", Variant(large=True), "K7M4"),
    "few": ("web-publication", Variant(), "K7M5"),
}


@pytest.fixture(scope="session")
def versions() -> dict[str, Version]:
    """Seven questions; two, with a pupil's own part; two in large print; two."""
    forms = shipped_definitions()
    return {name: print_version(forms[form], variant, tag) for name, (form, variant, tag) in VERSIONS.items()}


@pytest.fixture(scope="session")
def templates(versions: dict[str, Version]) -> dict[str, Template]:
    """All of them, as the reader knows them: by their tags."""
    return {version.tag: version.ready for version in versions.values()}


@pytest.fixture(scope="session")
def few(versions: dict[str, Version]) -> Version:
    """The version with the smallest slip."""
    return versions["few"]


@pytest.fixture(scope="session")
def many(versions: dict[str, Version]) -> Version:
    """The version with the most questions."""
    return versions["many"]
