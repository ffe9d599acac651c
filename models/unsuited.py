"""Places that somebody under age has and may not have any more: they are open to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.claiming import must_suit
from models.people import Person
from models.refusals import Refusal
from models.shifts import Claim, GivenBack


@dataclass(frozen=True, slots=True)
class Unsuited:
    """A place that was given back for somebody, and the rule for which it was."""

    person: Person
    given: GivenBack
    why: Refusal


async def give_back_of(person: Person, now: datetime) -> list[Unsuited]:
    """Open the places, in all canteens, that somebody may not have at the age that is noted now."""
    held = await Claim.coming(person, now)
    for claim in held:
        claim.person = person
    return await give_back(held, now)


async def give_back(claims: Sequence[Claim], now: datetime) -> list[Unsuited]:
    """Open those of these places that do not suit who has them; a round under way is walked to its end.

    The claims come with their person and their shift, and it with its route and canteen.
    """
    found: list[Unsuited] = []
    for claim in claims:
        if claim.started_at is not None:
            continue
        try:
            await must_suit(claim.person, claim.shift)
        except Refusal as why:
            found.append(Unsuited(claim.person, await Claim.give_back(claim.id, claim.person, now), why))
    return found
