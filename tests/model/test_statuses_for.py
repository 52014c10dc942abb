"""A trip looks at a few purposes; what it sees of them is what everybody sees (rules C1, C2)."""

from __future__ import annotations

import pytest

from consentdesk.model.status import status_of, statuses_for
from tests.model.story import LATER, PRESS, WEBSITE, Story, story, yes_on

STORIES = {
    "nothing": story(),
    "yes": yes_on("A", WEBSITE, PRESS),
    "withdrawn": yes_on("A", WEBSITE, PRESS).withdrawn(PRESS),
    "restricted": yes_on("A", WEBSITE, PRESS).restricted(),
    "no": story().printed("A", WEBSITE, PRESS).back("A", {WEBSITE: "no", PRESS: "yes"}),
}


@pytest.mark.parametrize("name", STORIES)
def test_c1_a_few_purposes_are_judged_as_all_of_them_are(name: str) -> None:
    told: Story = STORIES[name]
    wanted = (PRESS, WEBSITE, "image.video")
    every = status_of(told.events, LATER, wanted)
    few = statuses_for(told.events, wanted, LATER)
    assert list(few) == list(wanted)
    assert few == {purpose: every[purpose] for purpose in wanted}
