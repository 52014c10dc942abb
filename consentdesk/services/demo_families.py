"""What made-up families write on the slips that went home: most of it plain, some of it as life is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final, NamedTuple

from consentdesk.model.people import Guardian, Pupil
from consentdesk.printing.manifest import Manifest, ManifestSlip
from consentdesk.scanning.rehearsal.fill_in import Filling, Part, Word
from consentdesk.scanning.rehearsal.sheets import Written

_YES: Final = 0.7
_FORGOTTEN: Final = 0.025
_DATED: Final = 0.92
_PUPIL_ANSWERS: Final = 0.85
_PUPIL_SIGNS: Final = 0.92
_DOUBTFUL: Final = 0.1

_COMMENTS: Final = (
    "website only please",
    "not her face please",
    "please ring me about this",
    "only first name",
    "newsletter yes but not the web",
    "we move in March",
)
_OTHER_NAMES: Final = ("Oscar Thornton", "Poppy Marsh", "Leo Ainsworth", "Maya Webb")
_TURNED_ROUND: Final[dict[Word, Word]] = {"yes": "no", "no": "yes"}


class PrintedSlip(NamedTuple):
    """A slip of a print run, and the page of the PDF it stands on, counted from 0."""

    page: int
    slip: ManifestSlip


@dataclass(frozen=True)
class SentHome:
    """A whole print run: its slips, whom they are for, and those pupils' guardians."""

    slips: tuple[PrintedSlip, ...]
    pupils: Mapping[str, Pupil]
    guardians: Mapping[str, Sequence[Guardian]]


def slips_of(manifest: Manifest) -> tuple[PrintedSlip, ...]:
    """Every slip of a print run in its order."""
    return tuple(PrintedSlip(page.page - 1, slip) for page in manifest.pages for slip in page.slips)


class Families:
    """Writes on slips, everything by `chance`; `day` is when they do."""

    def __init__(self, chance: Random, sent: SentHome, day: date) -> None:
        self._chance = chance
        self._sent = sent
        self._day = day

    def seed(self) -> int:
        """A seed for one paper or one scan."""
        return self._chance.getrandbits(32)

    def answered(self, printed: PrintedSlip, doubtful: float = _DOUBTFUL) -> Written:
        """A slip as one of the pupil's guardians sends it back: signed, a share of its questions `doubtful`."""
        chance, slip = self._chance, printed.slip
        family = self._sent.guardians[slip.pupil]
        guardian = chance.choice(family) if family else None
        own = None
        if slip.pupil_questions and chance.random() < _PUPIL_ANSWERS:
            own = Part(
                self._sent.pupils[slip.pupil].display_name,
                self._answers([one.purpose for one in slip.pupil_questions]),
                signs=chance.random() < _PUPIL_SIGNS,
                doubtful=doubtful,
            )
        filling = Filling(
            Part(
                guardian.name if guardian else "A. Carer",
                self._answers([one.purpose for one in slip.questions]),
                doubtful=doubtful,
            ),
            guardian.relationship if guardian else "carer",
            self._day if chance.random() < _DATED else None,
            own,
        )
        return Written(printed.page, slip.code, slip, filling, self.seed())

    def plain(self, printed: PrintedSlip) -> Written:
        """A slip answered without a doubtful mark."""
        return self.answered(printed, doubtful=0.0)

    def unsigned(self, printed: PrintedSlip) -> Written:
        """A slip that nobody has signed."""
        slip = self.answered(printed)
        return replace(
            slip, filling=replace(slip.filling, guardian=replace(slip.filling.guardian, signs=False))
        )

    def commented(self, printed: PrintedSlip) -> Written:
        """A slip with a comment."""
        slip = self.answered(printed)
        return replace(slip, filling=replace(slip.filling, comment=self._chance.choice(_COMMENTS)))

    def renamed(self, printed: PrintedSlip) -> Written:
        """A slip whose printed name is struck out, with another child's written in."""
        slip = self.answered(printed)
        return replace(slip, filling=replace(slip.filling, other_name=self._chance.choice(_OTHER_NAMES)))

    def spoiled(self, printed: PrintedSlip) -> Written:
        """A slip whose codes somebody has coloured in."""
        return replace(self.answered(printed), spoiled=True)

    def turned_round(self, slip: Written) -> Written:
        """Another copy of the same slip, whose writer says yes to each question where the first said no."""
        guardian = slip.filling.guardian
        answers = {purpose: _TURNED_ROUND[word] for purpose, word in guardian.answers.items()}
        filling = replace(slip.filling, guardian=replace(guardian, answers=answers))
        return replace(slip, filling=filling, seed=self.seed())

    def _answers(self, purposes: Sequence[str]) -> dict[str, Word]:
        chance = self._chance
        return {
            purpose: "yes" if chance.random() < _YES else "no"
            for purpose in purposes
            if chance.random() > _FORGOTTEN
        }
