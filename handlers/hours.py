"""Hours: what a volunteer has given, and putting right what had to be assumed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from handlers import answers
from handlers.chat import COORDINATOR, VOLUNTEER, Chat, Mail, Priority, button, command, every, press
from handlers.months import MONTHS
from handlers.shiftwords import canteens_of
from handlers.text import NOTHING, Text, _, bold, lines
from models.canteens import Canteen
from models.hours import LONGEST, HoursEntry
from models.people import Role
from models.refusals import Gone
from models.shifts import Shift

BATCH: Final = 100


@command(
    "hours",
    for_=VOLUNTEER,
    help=_("The hours that you have given"),
    phrases=_("my hours|how many hours"),
)
async def hours(chat: Chat) -> None:
    """Add up what this person has given: this month, in all, and month by month."""
    canteens = await canteens_of(chat)
    today = canteens[0].today(chat.now) if canteens else chat.now.date()
    given = await HoursEntry.given_by(chat.person.id, today)
    if not given.total:
        chat.say(_("You have no hours yet. They are counted from your first round on."))
        return
    chat.say(
        lines(
            bold(
                _(
                    "You have given {month} this month, {total} in all. Thank you.",
                    month=timedelta(minutes=given.this_month),
                    total=timedelta(minutes=given.total),
                )
            ),
            NOTHING,
            *(
                _(
                    "{month} {year}: {time}",
                    month=MONTHS[first.month - 1],
                    year=first.year,
                    time=timedelta(minutes=minutes),
                )
                for first, minutes in given.months
                if minutes
            ),
            _(
                "Of this, {time} is counted to the planned end, because a round was not ended."
                " The coordinator will put it right.",
                time=timedelta(minutes=given.assumed),
            )
            if given.assumed
            else None,
        )
    )


@every(seconds=30)
async def close_shifts(mail: Mail) -> bool:
    """Close the shifts whose end has passed, and ask about the ends that had to be assumed."""
    closed, assumed = await HoursEntry.close_due(mail.now, BATCH)
    for entry in assumed:
        canteen = await Canteen.get(id=entry.canteen_id)
        text = await _assumed(entry)
        for coordinator in await canteen.coordinators():
            mail.say(
                text,
                to=coordinator,
                buttons=[
                    press(_("That is right"), "hours_right", entry.id),
                    press(_("Change it"), "hours_change", entry.id),
                ],
                zone=canteen.zone,
                priority=Priority.NOTICE,
                card=f"hours {entry.id}",
            )
    return closed == BATCH


async def _assumed(entry: HoursEntry) -> Text:
    assert entry.shift_id is not None
    shift = await Shift.get(id=entry.shift_id).prefetch_related("route")
    await entry.fetch_related("person")
    return _(
        "{name} did not end the round on {day}, {route}. I have counted {time}, up to the planned end."
        " Is that right?",
        name=entry.person.name or "?",
        day=entry.day,
        route=shift.route.name,
        time=timedelta(minutes=entry.minutes),
    )


@button("hours_right", for_=COORDINATOR)
async def confirm_hours(chat: Chat, entry_id: int) -> None:
    """Let an assumed end count."""
    entry = await HoursEntry.filter(id=entry_id).first()
    if entry is None:
        raise Gone
    await _put_right(chat, entry_id, entry.minutes)


@button("hours_change", for_=COORDINATOR)
async def change_hours(chat: Chat, entry_id: int) -> None:
    """Ask how long it was, and count that."""
    entry = await HoursEntry.filter(id=entry_id, voided_at=None).prefetch_related("person").first()
    if entry is None:
        raise Gone
    await chat.person.must_be(Role.COORDINATOR, entry.canteen_id)
    minutes = await chat.ask(
        "minutes",
        _("How many minutes did {name} give on {day}?", name=entry.person.name or "?", day=entry.day),
        answers.number(0, LONGEST),
    )
    await _put_right(chat, entry_id, minutes)


async def _put_right(chat: Chat, entry_id: int, minutes: int) -> None:
    entry = await HoursEntry.correct(entry_id, minutes, chat.person, chat.now)
    await entry.fetch_related("person")
    text = _(
        "Thank you. I have counted {time} for {name} on {day}.",
        name=entry.person.name or "?",
        day=entry.day,
        time=timedelta(minutes=entry.minutes),
    )
    chat.say(text, card=f"hours {entry_id}")
    canteen = await Canteen.get(id=entry.canteen_id)
    for coordinator in await canteen.coordinators():
        if coordinator.id != chat.person.id:
            chat.say(text, to=coordinator, card=f"hours {entry_id}", only_update=True)
