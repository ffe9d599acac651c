"""Telling somebody under age, and the coordinators, of places that are open to others by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.chat import Mail, Priority, press
from handlers.shiftwords import carries_on, only_young, refresh_today, when
from handlers.suiting import guardian_missing, too_late_for_age, too_young_to_drive
from handlers.text import Text, _, bold, lines
from models.duties import on_duty
from models.refusals import Refusal
from models.shiftrefusals import GuardianMissing, TooLateForAge, TooYoungToDrive
from models.unsuited import Unsuited

SOON: Final = (Priority.REPLY, Priority.URGENT)


async def tell(mail: Mail, freed: Sequence[Unsuited]) -> None:
    """Tell of each place to whom it belonged, with the reason, and to the coordinators who is left."""
    for each in freed:
        claim, shift = each.given.claim, each.given.claim.shift
        priority = SOON[shift.canteen.today(mail.now) == shift.day]
        mail.say(
            lines(
                bold(_("Your place is open to others now: {when}, {route}.", when=when(shift),
                       route=shift.route.name)),
                _why(each.why),
            ),
            to=each.person,
            zone=shift.canteen.zone,
            priority=priority,
            key=f"unsuited {claim.id}",
        )  # fmt: skip
        for coordinator in await on_duty(shift.canteen, shift.day):
            mail.say(
                lines(
                    bold(_("{name} may not come any more: {when}, {route}.", name=each.person.name or "?",
                           when=when(shift), route=shift.route.name)),
                    _("The rules for helpers under 18 do not allow it, so the place is open to others."),
                    carries_on(each.given.left, shift),
                    only_young() if each.given.alone else None,
                ),
                to=coordinator,
                buttons=[press(_("I will go myself"), "shift_take", shift.id, 0)],
                zone=shift.canteen.zone,
                priority=priority,
                key=f"unsuited {claim.id} {coordinator.id}",
            )  # fmt: skip
        await refresh_today(mail, shift)


def _why(refusal: Refusal) -> Text:
    match refusal:
        case TooLateForAge():
            return too_late_for_age(refusal)
        case TooYoungToDrive():
            return too_young_to_drive(refusal)
        case GuardianMissing():
            return guardian_missing(refusal)
    raise refusal
