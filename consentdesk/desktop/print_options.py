"""What shall be printed: which forms, for whom, in which language and size."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from consentdesk.desktop.choices import Choice, indented
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.fields import ChoiceField
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.pupil_field import PupilField
from consentdesk.desktop.words import counted, tr
from consentdesk.services.forms_preview import Choices
from consentdesk.services.print_forms import Whom

Way = Literal["class", "pupil", "everyone", "missing"]


class Wish(NamedTuple):
    """What was chosen, whole: it can be planned and printed."""

    forms: tuple[str, ...]
    whom: Whom
    language: str | None
    large: bool


class PrintOptions(QWidget):
    """`changed` says that something else was chosen, or that somebody begins to choose it."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.forms: dict[str, Choice] = {}
        self._choices = Choices((), ())
        self._turning = False
        self._form_rows = QVBoxLayout()
        set_spacing(self._form_rows, gap=0.25)
        self.forms_error = text("", "error")
        group = QButtonGroup(self)
        self.ways: dict[Way, Choice] = {
            "class": Choice(tr("A class"), one_of=group),
            "pupil": Choice(tr("One pupil"), one_of=group),
            "everyone": Choice(tr("Everyone"), one_of=group),
            "missing": Choice(
                tr("Only those whose slip is missing"),
                tr("Their last slip has not come back; they get a new one."),
                one_of=group,
            ),
        }
        self.school_class = ChoiceField(tr("Class"))
        self.pupil = PupilField(desk)
        self.whom_error = text("", "error")
        self.large = Choice(tr("Large print"), tr("Bigger letters and boxes, on twice the paper."))
        self.language = ChoiceField(tr("Language"))
        self._compose()
        self.ways["class"].turn(on=True)
        for choice in (*self.ways.values(), self.large):
            choice.toggled.connect(self._chose)
        self.school_class.changed.connect(self._chose)
        self.language.changed.connect(self._chose)
        self.pupil.picked.connect(self._chose)

    @property
    def way(self) -> Way:
        """For whom, before it is said which."""
        return next(way for way, choice in self.ways.items() if choice.on)

    @property
    def wish(self) -> Wish | None:
        """What is chosen; None while something is still to be chosen."""
        forms = tuple(form for form, choice in self.forms.items() if choice.on)
        whom = self._whom()
        if not forms or whom is None:
            return None
        language = str(self.language.value or "") if not self.language.isHidden() else ""
        return Wish(forms, whom, language or None, self.large.on)

    @property
    def lacks(self) -> str:
        """What is still to be chosen, as a sentence."""
        if not any(choice.on for choice in self.forms.values()):
            return tr("Choose at least one form.")
        return tr("Choose a pupil to see their pages.") if self._whom() is None else ""

    def is_right(self) -> bool:
        """Check it all, and say beside the field what is wrong."""
        if not any(choice.on for choice in self.forms.values()):
            self.say_forms_wrong(tr("Choose at least one form."))
            next(iter(self.forms.values())).box.setFocus()
            return False
        return self.way != "pupil" or self.pupil.is_right()

    def offer(self, choices: Choices) -> None:
        """Offer these forms and classes, keeping what is chosen where it still can be."""
        self._turning = True
        self._choices = choices
        chosen = {form for form, choice in self.forms.items() if choice.on}
        for choice in self.forms.values():
            self._form_rows.removeWidget(choice)
            choice.deleteLater()
        self.forms = {}
        for form in choices.forms:
            choice = Choice(form.title, counted(len(form.asks), tr("question"), tr("questions")))
            choice.turn(on=form.id in chosen)
            choice.toggled.connect(self._chose)
            self._form_rows.addWidget(choice)
            self.forms[form.id] = choice
        if self.forms and not any(choice.on for choice in self.forms.values()):
            next(iter(self.forms.values())).turn(on=True)
        self.school_class.offer((name, name or tr("No class")) for name, _pupils in choices.classes)
        self.ways["everyone"].say_more(counted(choices.pupils, tr("pupil"), tr("pupils")))
        self._turning = False
        self._chose()

    def turn_to(self, about: str) -> None:
        """Choose a class, everyone, those whose slip is missing, or the pupil of this id."""
        ways: dict[str, Way] = {"everyone": "everyone", "missing": "missing"}
        way = ways.get(about, "class" if about in dict(self._choices.classes) else "pupil")
        if way == "class":
            self.school_class.choose(about)
        elif way == "pupil":
            self.pupil.choose(about)
        self.ways[way].turn(on=True)

    def in_order(self) -> tuple[QWidget, ...]:
        """What takes the focus, as it stands from top to bottom."""
        ways = self.ways
        return (
            *(choice.box for choice in self.forms.values()),
            *(ways["class"].box, self.school_class, ways["pupil"].box, self.pupil),
            *(ways["everyone"].box, ways["missing"].box, self.large.box, self.language),
        )

    def say_forms_wrong(self, sentence: str) -> None:
        """Say below the forms what is wrong with them."""
        self.forms_error.setText(sentence)
        self.forms_error.setVisible(bool(sentence))

    def say_whom_wrong(self, sentence: str) -> None:
        """Say below whom they are for what is wrong with that."""
        self.whom_error.setText(sentence)
        self.whom_error.setVisible(bool(sentence))

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        set_spacing(column, margins=2.5, gap=0)
        column.addWidget(text(tr("Forms"), "label"))
        column.addSpacing(step(0.5))
        column.addLayout(self._form_rows)
        column.addWidget(self.forms_error)
        column.addSpacing(step(2))
        column.addWidget(text(tr("For whom"), "label"))
        column.addSpacing(step(0.5))
        below: dict[Way, QWidget] = {"class": self.school_class, "pupil": self.pupil}
        for way, choice in self.ways.items():
            column.addWidget(choice)
            if way in below:
                column.addWidget(indented(below[way]))
        column.addWidget(self.whom_error)
        column.addSpacing(step(2))
        column.addWidget(text(tr("Kind of print"), "label"))
        column.addSpacing(step(0.5))
        column.addWidget(self.large)
        column.addSpacing(step(0.5))
        column.addWidget(self.language)
        column.addStretch(1)
        column.addSpacing(step(2))
        column.addWidget(
            text(
                tr(
                    "Looking at the pages keeps nothing. When you print or save, each slip gets its own code, "
                    "and the office notes that it went out."
                ),
                "small",
            )
        )
        self.forms_error.hide()
        self.whom_error.hide()
        self.language.hide()

    def _whom(self) -> Whom | None:
        way = self.way
        if way == "class":
            chosen = self.school_class.value
            return None if chosen is None else Whom(school_class=str(chosen))
        if way == "pupil":
            return None if self.pupil.pupil is None else Whom(pupil=self.pupil.pupil.id)
        return Whom(everyone=way == "everyone")

    def _chose(self, *_what: object) -> None:
        if self._turning:
            return
        self._turning = True
        self.say_forms_wrong("")
        self.say_whom_wrong("")
        self.school_class.setVisible(self.way == "class")
        self.pupil.setVisible(self.way == "pupil")
        self._offer_languages()
        self._turning = False
        self.changed.emit()

    def _offer_languages(self) -> None:
        """Only the languages that every form chosen has; the question is not asked where there is one alone."""
        chosen = [form for form in self._choices.forms if self.forms[form.id].on]
        common = [
            language
            for language in (chosen[0].languages if chosen else ())
            if all(language in form.languages for form in chosen)
        ]
        self.language.setVisible(len(common) > 1)
        self.language.offer((language, _language_name(language)) for language in common)


def _language_name(code: str) -> str:
    """`Polish (polski)`; the code where nobody knows its name."""
    locale = QLocale(code)
    if locale.language() == QLocale.Language.C:
        return code
    name, own = QLocale.languageToString(locale.language()), locale.nativeLanguageName()
    return name if not own or name.casefold() in own.casefold() else f"{name} ({own})"
