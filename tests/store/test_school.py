"""The school's own facts: name and tag, settings, code keys and accounts."""

from __future__ import annotations

import pytest

from consentdesk.model.slip import ALPHABET
from consentdesk.store import school
from consentdesk.store.database import Database
from consentdesk.store.slots import Role, User
from tests.store.made_up import Drawer


def test_a_new_office_has_a_school_with_a_tag_and_a_code_key(drawer: Drawer) -> None:
    db = drawer.make()
    made = school.school(db)
    assert made.name == "Made-up Primary"
    assert len(made.tag) == 6
    assert set(made.tag) <= set(ALPHABET)
    key = school.current_code_key(db)
    assert school.code_keys(db) == {"1": key}
    assert len(key.secret) == 32
    db.close()
    again = drawer.open()
    assert school.school(again) == made
    assert school.current_code_key(again) == key


@pytest.mark.parametrize("value", [True, None, 3, "text", ["a", {"b": 1}], {}])
def test_a_setting_is_any_json_value(db: Database, value: object) -> None:
    assert school.setting(db, "a", "default") == "default"
    school.set_setting(db, "a", 0)
    school.set_setting(db, "a", value)
    assert school.setting(db, "a", "default") == value


def test_accounts_outlive_their_users(db: Database) -> None:
    ada, ben = User("u1", "Ada", Role.HEAD), User("u2", "Ben", Role.TEACHER)
    school.open_account(db, ada)
    school.open_account(db, ben)
    school.close_account(db, "u2")
    accounts = school.accounts(db)
    assert [account.user for account in accounts.values()] == [ada, ben]
    assert accounts["u1"].removed is None
    assert accounts["u2"].removed is not None
