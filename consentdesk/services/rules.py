"""The school's own rules: what each is set to, and changing one, which is an event (rule C1)."""

from __future__ import annotations

from typing import Final

import msgspec

from consentdesk.model.school_events import RuleChanged
from consentdesk.model.school_rules import SCHOOL_RULES, RuleName, SchoolRule, kept_value, the_rule, value_of
from consentdesk.services.forms import forms_in_force
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.store import school

_KEY: Final = "rule."


class RuleInForce(msgspec.Struct, frozen=True):
    """A rule and what the school has set it to; `safe` where that is the default, which is the safer choice."""

    rule: SchoolRule
    value: bool | int

    @property
    def safe(self) -> bool:
        """Whether it is as it came."""
        return self.value == self.rule.default


class FormRule(msgspec.Struct, frozen=True):
    """A rule that stands in a form's own definition: under which key of which form, what it says, and why."""

    form: str
    key: str
    rule: str
    value: str
    why: str


def form_rules(office: Office) -> tuple[FormRule, ...]:
    """What the forms decide instead: how long consent lasts, from what age pupils answer too, what is not asked."""
    require(office, "see-status")
    found: list[FormRule] = []
    for form in forms_in_force(office).values():
        one = form.definition
        found.append(FormRule(one.id, "lasts", "C7", one.lasts, "No yes outlives the school year by itself."))
        if one.pupil_part is not None:
            why = "From about this age pupils can judge it for themselves, and their no wins."
            found.append(FormRule(one.id, "pupil_part.from_age", "A3", str(one.pupil_part.from_age), why))
        found += [
            FormRule(one.id, f"{question.purpose}.asked", "P4", "no", "What is not asked is a no.")
            for question in one.questions
            if not question.asked
        ]
    return tuple(found)


def school_rules(office: Office) -> tuple[RuleInForce, ...]:
    """Every rule on which schools differ, with its reason and what holds here."""
    require(office, "see-status")
    return tuple(RuleInForce(rule, _value(office, rule)) for rule in SCHOOL_RULES)


def number_of(office: Office, name: RuleName) -> int:
    """What a rule that is a number is set to."""
    return int(_value(office, the_rule(name)))


def holds(office: Office, name: RuleName) -> bool:
    """Whether a rule that is a yes or a no is a yes."""
    return bool(_value(office, the_rule(name)))


def set_rule(office: Office, name: str, text: str) -> RuleInForce:
    """Set a rule. Raises `KnownError`, and changes nothing, where there is none of that name or it may not be so."""
    require(office, "change-settings")
    rule = the_rule(name)
    value = value_of(rule, text)
    with office.db.writing():
        school.set_setting(office.db, _KEY + rule.name, value)
        record(office, [Happening(RuleChanged(rule.name, value))])
    return RuleInForce(rule, value)


def _value(office: Office, rule: SchoolRule) -> bool | int:
    return kept_value(rule, school.setting(office.db, _KEY + rule.name))
