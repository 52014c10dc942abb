"""The words of one print: a definition in one language, for one age, with only what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition, Labels, Question, Variant

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi", "ckb"})


def is_right_to_left(language: str) -> bool:
    """Whether `language`, a code such as `ur` or `ar-EG`, is written from right to left."""
    return language.split("-", maxsplit=1)[0].lower() in _RIGHT_TO_LEFT


@dataclass(frozen=True)
class Asked:
    """One question as it is printed."""

    purpose: str
    text: str
    pupil_too: bool


@dataclass(frozen=True)
class Wording:
    """Everything that is printed but the child, in the order of the paper."""

    title: str
    language: str
    letter: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    questions: tuple[Asked, ...]
    pupil_part: str
    labels: Labels = field(default_factory=Labels)

    @property
    def asks_pupil(self) -> bool:
        """Whether the pupil's own part is printed (rule A3)."""
        return any(question.pupil_too for question in self.questions)


def wording(definition: FormDefinition, variant: Variant) -> Wording:
    """The words to print for `variant`.

    Raises `KnownError` where the definition has no such language, asks nothing, or asks about something that
    needs a reference without giving one (rule P6).
    """
    if not definition.asked:
        raise KnownError(
            f"the form {definition.id} asks no question",
            "nothing was printed",
            "set asked = true for one of its questions",
        )
    for question in definition.asked:
        if question.needs_reference and not question.reference.strip():
            raise KnownError(
                f"{question.purpose} in the form {definition.id} needs a reference, as of a risk assessment",
                "nothing was printed",
                "fill in reference for that question, or set asked = false",
            )
    if variant.language == definition.language:
        return _own(definition, variant)
    for translation in definition.translations:
        if translation.language == variant.language:
            own = _own(definition, variant)
            return Wording(
                title=translation.title,
                language=translation.language,
                letter=translation.letter,
                sections=_sections(
                    translation.labels,
                    translation.public,
                    translation.rules.get(variant.stage, ()),
                    translation.monitoring,
                    translation.withdraw,
                    translation.complaints,
                ),
                questions=tuple(
                    Asked(
                        asked.purpose,
                        _with_reference(translation.questions[asked.purpose], question),
                        asked.pupil_too,
                    )
                    for asked, question in zip(own.questions, definition.asked, strict=True)
                ),
                pupil_part=translation.pupil_part if own.pupil_part else "",
                labels=translation.labels,
            )
    raise KnownError(
        f"the form {definition.id} has no language {variant.language}",
        "nothing was printed",
        f"choose one of {', '.join(definition.languages)}",
    )


def _own(definition: FormDefinition, variant: Variant) -> Wording:
    pupil_part = definition.pupil_part if variant.pupil_part else None
    return Wording(
        title=definition.title,
        language=definition.language,
        letter=definition.letter,
        sections=_sections(
            definition.labels,
            definition.public,
            definition.rules.get(variant.stage, ()),
            definition.monitoring,
            definition.withdraw,
            definition.complaints,
        ),
        questions=tuple(
            Asked(
                question.purpose,
                _with_reference(question.text, question),
                question.pupil_too and pupil_part is not None,
            )
            for question in definition.asked
        ),
        pupil_part=pupil_part.text if pupil_part else "",
        labels=definition.labels,
    )


def _with_reference(text: str, question: Question) -> str:
    return f"{text} ({question.reference.strip()})" if question.needs_reference else text


def _sections(
    labels: Labels, public: str, rules: tuple[str, ...], monitoring: str, withdraw: str, complaints: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Heading and paragraphs of each part of the letter that has any; several paragraphs are a list."""
    every = (
        (labels.public, (public,)),
        (labels.withdraw, (withdraw,)),
        (labels.rules, rules),
        (labels.monitoring, (monitoring,)),
        (labels.complaints, (complaints,)),
    )
    return tuple(
        (heading, kept) for heading, texts in every if (kept := tuple(text for text in texts if text.strip()))
    )
