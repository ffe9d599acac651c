"""The rounds of calls by the clock: they begin at their hour, and whoever was not reached becomes a case."""

from __future__ import annotations

from typing import Final

from handlers import callcard, today
from handlers.casecard import tell_coordinators
from handlers.chat import COORDINATOR, Chat, Mail, Priority, button, every, press
from handlers.text import Text, _, _n, bold, lines, listed
from models.callrounds import CallRound, Progress, Settled
from models.callrules import Caller
from models.calls import CallReason
from models.canteens import Canteen
from models.people import Person
from models.seniors import Senior

BATCH: Final = 20


@button("calls_begin", for_=COORDINATOR)
async def begin(chat: Chat, canteen_id: int) -> None:
    """Begin the calls of this day by hand."""
    await CallRound.begin_daily(canteen_id, chat.person, chat.now)
    await callcard.show(chat, canteen_id, fresh=True)
    await callcard.refresh(chat, canteen_id, but=chat.person)


@every(seconds=15)
async def begin_due(mail: Mail) -> bool:
    """Begin the calls of the day at their hour, and tell those who call."""
    begun = await CallRound.begin_due(mail.now, BATCH)
    for round_ in begun:
        canteen = await Canteen.get(id=round_.canteen_id)
        for person in await _callers(canteen):
            mail.say(
                bold(_n("{n} senior is to be called today.", "{n} seniors are to be called today.",
                        (await round_.progress()).seniors)),
                to=person,
                buttons=[press(_("Whom to call"), "calls", canteen.id)],
                zone=canteen.zone,
                priority=Priority.REMINDER,
                key=f"calls {round_.id} for {person.id}",
            )  # fmt: skip
    return len(begun) == BATCH


async def _callers(canteen: Canteen) -> list[Person]:
    found = [*await canteen.coordinators(), *await Caller.of(canteen.id)]
    return list({person.id: person for person in found}.values())


@every(seconds=15)
async def settle(mail: Mail) -> bool:
    """Settle rounds whose hour has come, and tell the coordinators at whose doors somebody must look."""
    done = await CallRound.settle_due(mail.now, BATCH)
    for settled in done:
        for case in settled.cases:
            if case.opened_at < mail.now:
                # It had a card before, which says now that no call was answered either.
                await tell_coordinators(mail, case, fresh=False)
        progress = await settled.round.progress()
        if settled.cases or settled.uncalled or settled.round.reason is not CallReason.DAILY:
            await _tell(mail, settled, progress)
        await callcard.refresh(mail, settled.canteen.id)
        await today.refresh(mail, settled.canteen.id, settled.round.day)
    return len(done) == BATCH


async def _tell(mail: Mail, settled: Settled, progress: Progress) -> None:
    canteen = settled.canteen
    names = [
        _("{name} ({short_id})", name=senior.spoken, short_id=senior.short_id)
        for senior in await Senior.filter(id__in=[case.senior_id for case in settled.cases]).order_by("id")
    ]
    words = lines(
        bold(_head(settled, progress)),
        _("Not reached: {names}. Please let somebody look at the door.", names=listed(names))
        if names
        else None,
        _n(
            "Nobody had the time to call {n} senior.",
            "Nobody had the time to call {n} seniors.",
            settled.uncalled,
        )
        if settled.uncalled
        else None,
    )
    for person in await canteen.coordinators():
        mail.say(
            words,
            to=person,
            buttons=[press(_("Open cases"), "/cases")] if settled.cases else [],
            zone=canteen.zone,
            priority=Priority.URGENT if settled.cases else Priority.NOTICE,
            key=f"calls {settled.round.id} settled for {person.id} {settled.round.settled_at:%d%H%M%S}",
            reveals=f"open cases of canteen {canteen.id}" if settled.cases else None,
        )


def _head(settled: Settled, progress: Progress) -> Text:
    if progress.reached == progress.seniors:
        return _n(
            "The senior who was to be called on {day} was reached.",
            "All {n} seniors who were to be called on {day} were reached.",
            progress.seniors,
            day=progress.day,
        )
    return _(
        "The calls of {day}: {reached} of {n} reached.",
        day=progress.day,
        reached=progress.reached,
        n=progress.seniors,
    )
