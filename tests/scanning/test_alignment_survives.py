"""What a slip's place survives: each damage by itself, a row of a table, and none that loses or misreads a slip."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from consentdesk.model.decision import decide
from consentdesk.scanning.codes import find_codes
from consentdesk.scanning.grouping import group_by_slip, sort_out
from consentdesk.scanning.page import Page
from consentdesk.scanning.place import Placed, place
from consentdesk.scanning.read_page import read_page
from consentdesk.scanning.templates import Template
from tests.scanning.bad_pages import (
    BadPage,
    after,
    as_it_is,
    blurred,
    bordered,
    covered,
    crooked,
    crumpled,
    filled_in,
    folds,
    grainy,
    on_the_glass,
    one_bit,
    one_bit_local,
    photographed,
    pulled,
    scaled,
    screened,
    squeezed,
    streaked,
    toned,
    torn,
    unevenly_lit,
)
from tests.scanning.made_up import Matrix, Raster, Version, quarter_turn

Templates = dict[str, Template]
Damage = Callable[[Version, Raster], BadPage]

NEAR_MM = 1.0
"""A box may lie so far off where its slip was placed; by its own outline it is then found within 1.5 mm."""


def light(*changes: Callable[[Raster], Raster]) -> Damage:
    return lambda version, page: as_it_is(version, page).with_light(after(*changes))


def turned(times: int) -> Damage:
    def damage(version: Version, page: Raster) -> BadPage:
        flat = as_it_is(version, page)
        image, matrix = quarter_turn(page, times)
        back = np.linalg.inv(matrix)
        return BadPage(
            image, flat.layout, lambda px: flat.to_paper(px @ back[:2, :2].T + back[:2, 2]), flat.dpi
        )

    return damage


def without_code(code: int, then: Damage = as_it_is) -> Damage:
    return lambda version, page: then(version, covered(page, version.layout, [code]))


def without_corner(code: int, shade: int) -> Damage:
    return lambda version, page: as_it_is(version, torn(page, version.layout, code, shade=shade))


DAMAGES: dict[str, Damage] = {
    "printed at 90 %": lambda version, page: scaled(version, page, 0.9, 0.9),
    "printed at 96 %": lambda version, page: scaled(version, page, 0.96, 0.96),
    "printed at 105 %": lambda version, page: scaled(version, page, 1.05, 1.05),
    "2 % longer": lambda version, page: scaled(version, page, 1.0, 1.02),
    "2 % shorter and wider": lambda version, page: scaled(version, page, 1.02, 0.98),
    "unevenly fed": lambda version, page: pulled(version, page, stretch=(0.0, 0.01), uneven=0.01),
    "10° anticlockwise": lambda version, page: pulled(version, page, **crooked(-10)),
    "10° clockwise": lambda version, page: pulled(version, page, **crooked(10)),
    "crooked, small and stretched": lambda version, page: pulled(
        version, page, **crooked(-6), print_scale=0.94, stretch=(0.01, -0.02)
    ),
    "sideways": turned(1),
    "upside down": turned(2),
    "the other side": turned(3),
    "a fold": lambda version, page: pulled(version, page, **folds(1.5)),
    "folds": lambda version, page: pulled(version, page, **folds(1.2, -1.2, 1.0)),
    "crumpled": crumpled,
    "first code hidden": without_code(0),
    "second code hidden": without_code(1),
    "first corner torn off": without_corner(0, 255),
    "second corner torn off": without_corner(1, 255),
    "first corner torn off, black behind": without_corner(0, 12),
    "second corner torn off, black behind": without_corner(1, 12),
    "a fold, first code hidden": without_code(0, lambda version, page: pulled(version, page, **folds(1.5))),
    "black borders": light(bordered(8)),
    "white borders": light(bordered(255)),
    "on a black lid": lambda version, page: pulled(version, page, lid=8, **crooked(5)),
    "cut out, at 45°": lambda version, page: on_the_glass(version, page, 45),
    "cut out, at 137°": lambda version, page: on_the_glass(version, page, 137),
    "cut out, upside down": lambda version, page: on_the_glass(version, page, 183),
    "cut out, on black, at 300°": lambda version, page: on_the_glass(version, page, 300, lid=10),
    "cut out, at 60°, second code hidden": without_code(
        1, lambda version, page: on_the_glass(version, page, 60)
    ),
    "photographed": lambda version, page: photographed(version, page, lean=(0.05, 0.06), degrees=4),
    "photographed from the side": lambda version, page: photographed(version, page, lean=(-0.16, 0.04)),
    "photographed from below": lambda version, page: photographed(version, page, lean=(0.02, 0.2), degrees=-8),
    "photographed, in shadow": lambda version, page: photographed(
        version, page, lean=(0.04, -0.06), degrees=91, shadow=True
    ),
    "photographed, first code hidden": without_code(
        0, lambda version, page: photographed(version, page, lean=(0.06, -0.08), degrees=5)
    ),
    "one bit": light(one_bit(0.7)),
    "one bit, thin": light(one_bit(0.4)),
    "one bit by its surroundings": light(one_bit_local),
    "screened": light(screened),
    "dark": light(toned(20, 165, 1.6)),
    "pale": light(toned(150, 267, 0.8)),
    "unevenly lit": light(unevenly_lit),
    "out of focus": light(blurred),
    "grainy": light(grainy),
    "squeezed": light(squeezed),
    "streaked": light(streaked),
}  # fmt: skip


@cache
def paper(version: Version, child: int) -> Raster:
    """A slip filled in, which nobody may write on."""
    page = filled_in(version, child)
    page.flags.writeable = False
    return page


def placed(bad: BadPage, templates: Templates) -> list[tuple[Placed, Template]]:
    """The slips of a page as placed, whatever is read from them."""
    page = Page.of(bad.image)
    found = find_codes(page.small, page.factor)
    ours, _, _ = sort_out(found)
    slips = [
        (place(page, group, template := templates[group[0].code.tag], found), template)
        for group in group_by_slip(ours, templates)
    ]
    return [(slip, template) for slip, template in slips if isinstance(slip, Placed)]


def off_mm(slip: Placed, bad: BadPage) -> float:
    """How far the worst box lies from where it was printed, before it is looked for by its own outline."""
    middles = np.array([box.centre for pair in bad.layout.pairs for box in (pair.yes, pair.no)])
    here: Matrix = middles if slip.bend is None else middles + slip.bend.at(middles)
    return float(np.linalg.norm(bad.to_paper(slip.placement.to_page(here)) - middles, axis=1).max())


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_slip_is_found_and_never_misread(
    damage: str, versions: dict[str, Version], templates: Templates
) -> None:
    for child, name in enumerate(("many", "few")):
        version = versions[name]
        bad = DAMAGES[damage](version, paper(version, child))
        ((slip, template),) = placed(bad, templates)
        assert template.tag == version.tag
        assert set(slip.texts) <= set(version.codes(child))
        assert off_mm(slip, bad) < NEAR_MM
        assert slip.placement.fit > 0.6
        (read,) = read_page(bad.image, 1, templates).slips
        assert (set(read.codes), read.tag) == (set(slip.texts), version.tag)
        for number, answer in enumerate(decide(read).answers.values()):
            assert answer.answer in (("yes", "no")[number % 2], "review")


@pytest.mark.parametrize(("dpi", "colour"), [(100, False), (150, True), (300, True), (600, False)])
def test_resolution_and_colour_make_no_difference(
    dpi: int, colour: bool, few: Version, templates: Templates
) -> None:
    bad = as_it_is(few, filled_in(few, dpi=dpi, colour=colour), dpi)
    ((slip, _),) = placed(bad, templates)
    halved = slip.page.grey.shape[0] / bad.image.shape[0]
    assert off_mm(slip, as_it_is(few, bad.image, dpi * halved)) < 0.2
    assert slip.page.grey.shape[0] <= 4200
    assert slip.placement.fit > 0.95


@pytest.mark.parametrize(
    "damage", ["10° clockwise", "crumpled", "photographed", "screened", "cut out, at 45°"]
)
def test_without_a_readable_code_it_goes_to_the_tray_with_its_typed_code(
    damage: str, few: Version, templates: Templates
) -> None:
    page = covered(paper(few, 0), few.layout, [0, 1])
    bad = DAMAGES[damage](few, page)
    (slip,) = read_page(bad.image, 1, templates).slips
    assert (slip.codes, slip.tag, slip.pairs) == ((), None, ())
    assert slip.typed_code_crop
    assert slip.crop
