"""The rules on which schools' policies differ: each a setting, with the safer choice as default, and why (one list)."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from consentdesk.errors import KnownError

RuleName = Literal[
    "competent-pupil-alone",
    "social-worker-agrees",
    "withdrawal-in-writing",
    "withdrawal-letter-days",
    "images-kept-months",
    "cards-cleared-days",
    "school-equipment-only",
    "take-down-days",
    "third-party-days",
    "leavers-kept-months",
    "policy-months",
    "smallest-count",
]


class SchoolRule(msgspec.Struct, frozen=True):
    """One rule of the school.

    `question` is what it decides, `why` the reason for its default, `rule` the numbers it belongs to. A yes or
    no where the default is one; else a whole number from `least` to `most`, in `unit`.
    """

    name: RuleName
    rule: str
    question: str
    default: bool | int
    why: str
    least: int = 0
    most: int = 1
    unit: str = ""


SCHOOL_RULES: Final = (
    SchoolRule(
        "competent-pupil-alone",
        "A4",
        "Is the yes of a pupil who was found able to decide enough without a guardian’s?",
        False,
        "Most of the policies we know of want both. A no of either holds in any case.",
    ),
    SchoolRule(
        "social-worker-agrees",
        "A5",
        "Does a carer’s yes for a looked-after pupil wait for the social worker?",
        True,
        "A carer may not be allowed to decide, and a picture can show where a child is.",
    ),
    SchoolRule(
        "withdrawal-in-writing",
        "W2",
        "Is a withdrawal that was only spoken asked for in writing as well?",
        False,
        "It must be as easy to take consent back as to give it. Either way the use stops at once.",
    ),
    SchoolRule(
        "withdrawal-letter-days",
        "W2",
        "How long does the school wait for the written withdrawal before it asks again?",
        7,
        "Long enough for the post; nothing is used meanwhile.",
        1,
        60,
        "days",
    ),
    SchoolRule(
        "images-kept-months",
        "I2",
        "How long may the school keep pictures?",
        24,
        "Two years is the longest that the policies we know of allow. Shorter is safer still.",
        1,
        24,
        "months",
    ),
    SchoolRule(
        "cards-cleared-days",
        "I2",
        "By when must cards, cameras and other people’s equipment be cleared?",
        1,
        "A card is lost more easily than anything else, so it is cleared by the end of the next day.",
        0,
        14,
        "days",
    ),
    SchoolRule(
        "school-equipment-only",
        "I3",
        "Are pictures taken with the school’s own equipment only, unless an exception is approved?",
        True,
        "Nobody can show what became of the pictures on a private telephone.",
    ),
    SchoolRule(
        "take-down-days",
        "W3",
        "How soon must something be taken down after a withdrawal?",
        2,
        "Use stops at once; two days leave time to reach whoever looks after the place. 0 is the same day.",
        0,
        14,
        "days",
    ),
    SchoolRule(
        "third-party-days",
        "W3",
        "How soon is somebody outside who was asked to remove something asked again?",
        7,
        "What was only asked for is not removed yet, so the task stays open.",
        1,
        60,
        "days",
    ),
    SchoolRule(
        "leavers-kept-months",
        "D3",
        "How long is the record of a pupil kept after they have left?",
        12,
        "Long enough to answer a complaint about the last year; after it the record is erased.",
        0,
        300,
        "months",
    ),
    SchoolRule(
        "policy-months",
        "N1",
        "How long does a member of staff’s or a volunteer’s acknowledgement of the policy count?",
        12,
        "The policies we know of ask each year anew. It may be less, never more.",
        1,
        12,
        "months",
    ),
    SchoolRule(
        "smallest-count",
        "D2",
        "Which is the smallest number of pupils that counts for others name?",
        5,
        "A smaller number can point at one child.",
        1,
        20,
        "pupils",
    ),
)
"""Every one of them, in the order of the rules. What a form decides (how long consent lasts, from what age the
pupil answers too, the full name beside a picture) stands in the form's own definition, under `forms/`."""

_BY_NAME: Final = {rule.name: rule for rule in SCHOOL_RULES}
_WORDS: Final = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def the_rule(name: str) -> SchoolRule:
    """The rule of that name. Raises `KnownError` that lists them."""
    for rule in SCHOOL_RULES:
        if rule.name == name:
            return rule
    raise KnownError(f"there is no rule {name}", "nothing was changed", f"choose from {', '.join(_BY_NAME)}")


def value_of(rule: SchoolRule, text: str) -> bool | int:
    """What `text` sets the rule to. Raises `KnownError` where it is no value that the rule may have."""
    if isinstance(rule.default, bool):
        value = _WORDS.get(text.strip().lower())
        if value is not None:
            return value
        raise KnownError(f"{rule.name} is a yes or a no", "nothing was changed", "say yes or no")
    digits = text.strip()
    if digits.isascii() and digits.isdecimal() and rule.least <= int(digits) <= rule.most:
        return int(digits)
    raise KnownError(
        f"{rule.name} is a number of {rule.unit} from {rule.least} to {rule.most}",
        "nothing was changed",
        "choose another number",
    )


def kept_value(rule: SchoolRule, kept: object) -> bool | int:
    """The value that was kept for the rule, or its default where none was, or one that it may not have."""
    if isinstance(rule.default, bool):
        return kept if isinstance(kept, bool) else rule.default
    fits = isinstance(kept, int) and not isinstance(kept, bool) and rule.least <= kept <= rule.most
    return kept if fits and isinstance(kept, int) else rule.default
