"""The withdrawal slip as a form, and what a reading of one says (rules W1, P5, S4)."""

from __future__ import annotations

import pytest

from consentdesk.model.consent import Answer
from consentdesk.model.decision import Decision
from consentdesk.model.form import FormDefinition, Question, wording_hash
from consentdesk.model.reading import Outcome
from consentdesk.model.way_back import as_withdrawal, form_taken_back, withdrawal_form

FORM = FormDefinition(
    "internet-access", "internet", "Using the internet", ("Dear parent,",),
    (
        Question("internet.rules", "Rules", "Have you read our rules?", basis="agreement"),
        Question("internet.access", "Access", "May your child use the internet?", pupil_too=True),
        Question("internet.mail", "E-mail", "May your child have an account?", asked=False),
    ),
    "Tell the office.",
)  # fmt: skip


def test_w1_it_asks_what_was_asked_and_nobody_twice() -> None:
    made = withdrawal_form(FORM)
    assert (made.id, form_taken_back(made.id)) == ("withdraw-internet-access", "internet-access")
    (one,) = made.asked
    assert (one.purpose, one.pupil_too, made.pupil_part) == ("internet.access", False, None)
    assert wording_hash(one) == wording_hash(FORM.questions[1])
    assert (made.labels.yes, made.labels.no) == ("As before", "Stop")
    assert form_taken_back("image-use") == "image-use"


def test_p5_rules_that_were_read_stay_read_unless_nothing_else_was_asked() -> None:
    rules = FormDefinition(
        "rules", "other", "Rules", ("Dear parent,",), FORM.questions[:1], "Tell the office."
    )
    assert [one.purpose for one in withdrawal_form(rules).asked] == ["internet.rules"]


def seen(*words: str, doubts: tuple[str, ...] = ()) -> Decision:
    answers = {
        f"x.{at}": Answer(word) if word in ("yes", "no") else Answer("review", word)
        for at, word in enumerate(words)
    }
    return Decision(True, answers, None, None, Outcome.REVIEW, doubts)


@pytest.mark.parametrize(
    ("decision", "said", "outcome"),
    [
        pytest.param(seen("no", "blank"), {"x.0": "no"}, Outcome.READ, id="stop one, leave the other"),
        pytest.param(seen("no", "no"), {"x.0": "no", "x.1": "no"}, Outcome.READ, id="stop both"),
        pytest.param(seen("no", "yes"), {"x.0": "no", "x.1": "yes"}, Outcome.READ, id="as before, said so"),
        pytest.param(seen("no", "faint"), {"x.0": "no", "x.1": "review"}, Outcome.REVIEW, id="in doubt"),
        pytest.param(
            seen("blank", "blank"), {"x.0": "review", "x.1": "review"}, Outcome.REVIEW, id="nothing marked"
        ),
        pytest.param(
            seen("yes", "blank"), {"x.0": "yes", "x.1": "review"}, Outcome.REVIEW, id="nothing stopped"
        ),
        pytest.param(seen("no", "blank", doubts=("comment",)), {"x.0": "no"}, Outcome.REVIEW, id="a comment"),
    ],
)
def test_w1_what_a_reading_says(decision: Decision, said: dict[str, str], outcome: Outcome) -> None:
    found = as_withdrawal(decision)
    assert ({purpose: one.answer for purpose, one in found.answers.items()}, found.outcome) == (said, outcome)
