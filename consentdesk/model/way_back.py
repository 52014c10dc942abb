"""The withdrawal slip as a form: what one form asks, with a box beside each use that is to end (rule W1)."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from consentdesk.model.decision import Decision
from consentdesk.model.form import FormDefinition, Labels
from consentdesk.model.reading import Outcome

PREFIX: Final = "withdraw-"
_LETTER: Final = (
    "Dear parent or carer, dear pupil,",
    "You said what we may do. You can take any of it back, at any time, and you do not have to say why.",
    "Mark “Stop” beside whatever has to end. What you leave empty stays as it is.",
    "Then sign, cut the slip off and send it back to school.",
    "You can also tell the school office, in person, by phone, by e-mail or by letter.",
)
_WITHDRAW: Final = (
    "We stop as soon as your slip reaches us, and write to you to say so. We take down what we can reach, and ask"
    " others to take down the rest. We cannot get back what is printed already, or what other people have copied."
    " If you change your mind again, ask us for a new form."
)
_LABELS: Final = Labels(
    yes="As before",
    no="Stop",
    how_to_mark="Put a cross or a tick under “Stop” beside what has to end. Leave the rest empty.",
    relationship="I am the child’s (for example mother, carer), or the child",
    withdraw="What happens then",
)


def withdrawal_form(definition: FormDefinition) -> FormDefinition:
    """The form by which what `definition` asks for is taken back, as wholly or in part as the family likes.

    It asks the same questions, so that *stop* is a no to each of them; rules that were read stay read, and are left
    out (rule P5). Its words are English whatever the form's language, and it has no part for the pupil: whoever
    signs, signs.
    """
    asked = [question for question in definition.asked if question.basis == "consent"] or definition.asked
    return FormDefinition(
        id=PREFIX + definition.id,
        family=definition.family,
        title=f"Changing your mind: {definition.title}",
        letter=_LETTER,
        questions=tuple(replace(question, pupil_too=False) for question in asked),
        withdraw=_WITHDRAW,
        labels=_LABELS,
    )


def form_taken_back(form: str) -> str:
    """The id of the form that a withdrawal slip is about; any other form's id as it is."""
    return form.removeprefix(PREFIX)


def as_withdrawal(decision: Decision) -> Decision:
    """What a reading of a withdrawal slip says: beside a clear *stop* an empty question is left as it is.

    Where nothing is marked at all, a person looks: somebody sent the slip, and wanted something to end.
    """
    stops = any(answer.answer == "no" for answer in decision.answers.values())
    if not stops:
        return decision
    said = {purpose: answer for purpose, answer in decision.answers.items() if answer.reason != "blank"}
    asks = bool(decision.doubts) or any(answer.answer == "review" for answer in said.values())
    return replace(decision, answers=said, outcome=Outcome.REVIEW if asks else Outcome.READ)
