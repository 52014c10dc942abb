"""The words of review: what is asked in each step, what the answers are called, and how an answer is shown."""

from __future__ import annotations

from typing import NamedTuple

from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.services.look_at_slip import SeenAnswer, SeenSlip
from consentdesk.services.review_steps import HELD_BY_SHEET, Step


class StepWords(NamedTuple):
    """What the panel says of a step. An answer without words is not offered."""

    above: str
    heading: str
    body: str
    yes: str
    no: str = ""
    unclear: str = ""


def words_of(seen: SeenSlip, step: Step | None) -> StepWords:
    """What is asked now; without a step nothing on the slip is in doubt."""
    if step is None:
        return StepWords(
            tr("Nothing is in doubt"),
            tr("Is everything read right?"),
            tr("Choose an answer below to change it. If all is right, the slip is confirmed as it was read."),
            tr("All is read right"),
        )
    why = " ".join(step.texts)
    marked = _marked_yes(seen, step)
    again = tr("Unclear – ask again")
    these = counted(len(step.purposes), tr("answer"), tr("answers"))
    whose = tr("The pupil’s own part") if step.who == "pupil" else ""
    if step.kind == "signature":
        heading = tr("Did the pupil sign?") if step.who == "pupil" else tr("Is the slip signed?")
        body = tr("{why} Without a signature no yes counts.").format(why=why)
        return StepWords(whose or tr("Signature"), heading, body, tr("Signed"), tr("Not signed"), again)
    if step.kind == "note":
        body = tr("{why} If it narrows a yes, write it down below word for word. {marked}").format(
            why=why, marked=marked
        )
        return StepWords(
            whose or tr("Handwriting"),
            tr("What do the words mean for the answers marked yes?"),
            body,
            tr("Yes stands for {these}").format(these=these),
            tr("No to {these}").format(these=these),
            again,
        )
    if step.kind == "name":
        return StepWords(
            whose or tr("The child’s name"),
            tr("Is this slip about {name}?").format(name=isolated(seen.name)),
            f"{why} {marked}",
            tr("Yes, and its answers stand"),
            tr("No, another child’s"),
            again,
        )
    if step.kind == "look":
        return StepWords(
            whose or tr("To be seen"),
            tr("Does anything here change an answer?"),
            tr("{why} No answer is in doubt. Choose one below to change it.").format(why=why),
            tr("Seen, nothing changes"),
        )
    answer = next(one for one in seen.answers if (one.who, one.purpose) == (step.who, step.purposes[0]))
    return StepWords(
        whose or question_number(seen, answer),
        answer.name,
        tr("{why} What did the parent mean?").format(why=why)
        if step.who == "guardian"
        else tr("{why} What did the pupil mean?").format(why=why),
        tr("Yes"),
        tr("No"),
        again,
    )


def _marked_yes(seen: SeenSlip, step: Step) -> str:
    """Which questions hang on a step, since their boxes say yes without doubt."""
    names = [one.name for one in seen.answers if one.who == step.who and one.purpose in step.purposes]
    return tr("Marked yes: {questions}.").format(questions=", ".join(names)) if names else ""


def question_number(seen: SeenSlip, answer: SeenAnswer) -> str:
    """`Question 3 of 7`, as the slip numbers them."""
    own = [one for one in seen.answers if one.who == answer.who]
    return tr("Question {number} of {count}").format(number=own.index(answer) + 1, count=len(own))


def sign_of_answer(answer: SeenAnswer) -> Sign:
    """How an answer stands: a person's word where there is one, else the machine's."""
    word = answer.decided or answer.answer
    if word == "review" and answer.reason in HELD_BY_SHEET:
        return Sign(tr("Marked yes"), "circle-alert", "ask")
    if word == "review" and answer.reason == "blank":
        return Sign(tr("No mark"), "circle-dashed", "open")
    return {
        "yes": Sign(tr("Yes"), "circle-check", "yes"),
        "no": Sign(tr("No"), "circle-x", "no"),
        "unclear": Sign(tr("Unclear"), "circle-dashed", "open"),
        "review": Sign(tr("In doubt"), "circle-alert", "ask"),
    }[word]
