"""What a case can be about, and how it can end."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class CaseKind(StrEnum):
    """What the case is about."""

    NO_ANSWER = "no_answer"
    EMPTY_PLACE = "empty_place"
    CONCERN = "concern"
    WRONG_MEAL = "wrong_meal"
    UNSEEN = "unseen"
    TREND = "trend"
    UNREACHED = "unreached"


class CaseOutcome(StrEnum):
    """How a case ended, in the words of those who looked."""

    SAFE_OUT = "safe_out"
    SAFE_HOME = "safe_home"
    HOSPITAL = "hospital"
    HELPED = "helped"
    DECEASED = "deceased"
    FALSE_ALARM = "false_alarm"
    FOLLOWED_UP = "followed_up"


# Somebody was expected and not met: these climb the ladder, and a senior has one of them a day. What was seen
# where they should have been says more than a telephone, and a door more than a chair: the last leads.
BY_WEIGHT: Final = (CaseKind.UNREACHED, CaseKind.EMPTY_PLACE, CaseKind.NO_ANSWER)
MISSED: Final = frozenset(BY_WEIGHT)
# What a look back over a day finds is brought up by the next one, all together.
LOOKED_BACK: Final = frozenset({CaseKind.UNSEEN, CaseKind.TREND})
# Ends of which the family may hear by a message; of the others only a person speaks.
GOOD: Final = frozenset(
    {CaseOutcome.SAFE_OUT, CaseOutcome.SAFE_HOME, CaseOutcome.FALSE_ALARM, CaseOutcome.FOLLOWED_UP}
)
