"""A made-up school: pupils with names of many kinds, and families who answer in many ways."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice
from random import Random
from typing import Final

SCHOOL: Final = "Hazelbrook School"

CLASSES: Final = (("1B", 1), ("4H", 4), ("8K", 8))
"""Classes with their year group; the pupils of the last are twelve or older, and answer for themselves too."""

_MEMORABLE: Final = (
    ("Seán", "O’Shaughnessy"),
    ("Zoë", "D'Arcy-Bright"),
    ("Prakash", ""),
    ("O", "Bell"),
    ("Wilhelmina-Alexandrina Persephone", "Featherstonehaugh-Cholmondeley-Majoribanks"),
    ("Anne-Marie", "Łukasiewicz"),
    ("Mei", "U"),
    ("Thị Minh Khôi", "Nguyễn"),
    ("Siôn", "ap Rhys-Llywelyn"),
    ("Jürgen", "Weiß"),
    ("Олена", "Коваленко"),
    ("Inés", "Núñez de la Peña"),
    ("Søren", "Ångström"),
    ("ليلى", "حداد"),
    ("Ελένη", "Παπαδάκη"),
    ("Ngozi", "O'Neill"),
    ("J", "K"),
    ("Çağla", "Işık"),  # noqa: RUF001 - it is spelt so
    ("Mary Ann", "St. John-Smythe"),
    ("Aoife", "Ní Dhómhnaill"),
    ("Đorđe", "Šarić"),
    ("Jaswinder", "Kaur"),
    ("Ahmad", "Al-Rashid"),
    ("Þóra", "Jónsdóttir"),
)
"""Names that other programs lose letters of (rule D5); "" is a pupil with a single name."""

_FIRST: Final = [
    "Ada", "Alfie", "Amara", "Amelia", "Arjun", "Ava", "Beatrix", "Ben", "Blessing", "Bronwen", "Callum", "Chidi",
    "Chloé", "Daisy", "Dev", "Dylan", "Elif", "Ella", "Emeka", "Erin", "Esme", "Ethan", "Fatima", "Felix", "Finn",
    "Freya", "George", "Grace", "Hana", "Harry", "Hassan", "Holly", "Ibrahim", "Imani", "Iris", "Isla", "Jack",
    "Jade", "Jamal", "Jasmine", "Joel", "Josie", "Kai", "Kiran", "Lara", "Leo", "Lily", "Lola", "Luca", "Mabel",
    "Maja", "Marcus", "Maya", "Mia", "Milo", "Mohammed", "Nadia", "Niamh", "Noah", "Nora", "Olive", "Omar", "Oscar",
    "Owen", "Phoebe", "Poppy", "Priya", "Quentin", "Rafael", "Reuben", "Rhys", "Rosa", "Ruby", "Saoirse", "Sami",
    "Samuel", "Seren", "Skye", "Sofia", "Stanley", "Tariq", "Theo", "Tomasz", "Uma", "Veronika", "Victor", "Willow",
    "Xanthe", "Yara", "Yusuf", "Zachary", "Zainab",
]  # fmt: skip
_LAST: Final = [
    "Abbott", "Adeyemi", "Ahmed", "Ainsworth", "Akhtar", "Allen", "Andersson", "Baker", "Banerjee", "Barlow",
    "Begum", "Bianchi", "Brooks", "Carter", "Chowdhury", "Clarke", "Cooper", "Costa", "Davies", "Dixon", "Dubois",
    "Edwards", "Evans", "Farrell", "Fernandes", "Fletcher", "Gallagher", "García", "Green", "Gupta", "Hall",
    "Hughes", "Hussain", "Ito", "Iqbal", "Jackson", "Jones", "Kamara", "Kelly", "Khan", "Kowalski", "Larsen",
    "Lewis", "Li", "Lowe", "MacDonald", "Malik", "Marsh", "Mensah", "Mitchell", "Morgan", "Müller", "Murphy",
    "Nowak", "Okafor", "Okonkwo", "Osei", "Owens", "Park", "Patel", "Pearce", "Petrov", "Popescu", "Quinn",
    "Rahman", "Reid", "Roberts", "Rossi", "Rowe", "Sandhu", "Santos", "Shah", "Sharma", "Silva", "Singh", "Stevens",
    "Suleiman", "Taylor", "Thomas", "Thornton", "Turner", "Ueda", "Vaughan", "Wang", "Ward", "Webb", "Whitfield",
    "Williams", "Wójcik", "Wright", "Yilmaz", "Young", "Zhou",
]  # fmt: skip
_PARENTS: Final = [
    "Agnieszka", "Alan", "Andrew", "Ayesha", "Bernadette", "Carl", "Chandra", "Chidinma", "Claire", "Daniel",
    "Deborah", "Emma", "Farid", "Gareth", "Grzegorz", "Helen", "Ian", "Jennifer", "Joanna", "Karen", "Kofi",
    "Laura", "Lee", "Lucy", "Mark", "Michelle", "Nasreen", "Neil", "Olu", "Paul", "Peter", "Rachel", "Rajesh",
    "Sandra", "Shabnam", "Simon", "Siân", "Stephen", "Susan", "Tessa", "Tunde", "Victoria",
]  # fmt: skip
_RELATIONS: Final = (*("mother",) * 9, *("father",) * 7, "step-father", "grandmother", "carer", "aunt")

_HEADINGS: Final = (
    "Admission number", "Forename", "Surname", "Reg", "Year", "DOB",
    "Parent 1 name", "Parent 1 relationship", "Parent 2 name", "Parent 2 relationship",
)  # fmt: skip


@dataclass(frozen=True)
class Parent:
    """A made-up guardian, as the class list names them."""

    name: str
    relationship: str


def class_list(pupils: int, seed: int, today: date) -> str:
    """A class list of `pupils` made-up pupils as CSV, the same for the same seed on the same day."""
    chance = Random(seed)  # noqa: S311 - made-up names are no secret
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    for number, (first, last) in enumerate(islice(_names(chance), pupils)):
        school_class, year = CLASSES[number % len(CLASSES)]
        family = [_parent(chance, last or first) for _ in range(chance.choice((1, 2, 2)))]
        cells = [cell for one in family for cell in (one.name, one.relationship)]
        born = _birthday(chance, year, today).strftime("%d/%m/%Y")
        writer.writerow([4000 + number, first, last, school_class, year, born, *cells])
    return text.getvalue()


def _names(chance: Random) -> Iterator[tuple[str, str]]:
    """First and last names, none twice: every other one memorable while there are any, then plain ones."""
    memorable = chance.sample(_MEMORABLE, len(_MEMORABLE))
    plain = [(first, last) for first in _FIRST for last in _LAST]
    chance.shuffle(plain)
    more = ((f"{first} {second}", last) for second in _FIRST for first, last in plain)
    for name in chain(plain, more):
        if memorable:
            yield memorable.pop()
        yield name


def _parent(chance: Random, pupils_last: str) -> Parent:
    last = pupils_last if chance.random() < _SAME_NAME and pupils_last.isascii() else chance.choice(_LAST)
    return Parent(f"{chance.choice(_PARENTS)} {last}", chance.choice(_RELATIONS))


_SAME_NAME = 0.7


def _birthday(chance: Random, year: int, today: date) -> date:
    """A birthday of somebody who is in year group `year` on the day `today`."""
    begun = today.year if today >= date(today.year, 9, 1) else today.year - 1
    first = date(begun - year - 5, 9, 1)
    return first + timedelta(days=chance.randrange(365))
