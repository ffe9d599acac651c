"""The service record: a volunteer's hours on paper, numbered, for the organisation to stamp."""

from __future__ import annotations

from typing import Final

from handlers import answers
from handlers.chat import COORDINATOR, VOLUNTEER, Chat, Choice, button, press
from handlers.hourswords import length, not_counted
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.hourslists import given_by
from models.people import Role
from models.refusals import Gone
from models.servicerecords import ServiceRecord, must_see
from models.shiftrefusals import NoHours

EVER: Final = "all"
SHOWN: Final = 12


@button("service_record", for_=VOLUNTEER)
async def make(chat: Chat, canteen_id: int, person_id: int) -> None:
    """Ask for which time, and bring a numbered record of it."""
    await must_see(chat.person, canteen_id, person_id)
    canteen = await Canteen.get_or_none(id=canteen_id)
    if canteen is None:
        raise Gone
    this = canteen.today(chat.began).year
    span = await chat.ask(
        "span",
        _("A service record of which time?"),
        choices=[
            Choice(str(this), _("{year}", year=this)),
            Choice(str(this - 1), _("{year}", year=this - 1)),
            Choice(EVER, _("Everything")),
        ],
    )
    year = None if span == EVER else int(span)
    record = await ServiceRecord.issue(canteen_id, person_id, year, chat.person, chat.now)
    waiting = (await given_by(person_id, canteen.today(chat.now))).open
    chat.say(
        lines(
            bold(_("Service record {number}: {time}", number=record.number, time=length(record.minutes))),
            _("Please print it and have the organisation fill in the lines and stamp it."),
            _("It is a record, no certificate: that is issued by whoever may stamp it."),
            not_counted(len(waiting)),
        ),
        zone=canteen.zone,
        paper=("service_record", record.id),
        reveals=f"service record {record.id}",
    )


# -------------------------------------------------------------------------------------------------- voiding


@button("records", for_=COORDINATOR)
async def show_records(chat: Chat, canteen_id: int) -> None:
    """List the records that were given out, the newest first."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    records = await ServiceRecord.standing_in(canteen_id, SHOWN)
    canteen = await Canteen.get(id=canteen_id)
    if not records:
        chat.say(
            _("No service record was given out yet. They are made under /hours, for one volunteer at a time.")
        )
        return
    chat.say(
        lines(bold(_("Service records of {canteen}", canteen=canteen.name)), *map(_line, records)),
        buttons=[press(_("Void one"), "record_void", canteen_id)],
        zone=canteen.zone,
    )


def _line(record: ServiceRecord) -> Text:
    return _(
        "{number}, {name}: {time}, {day}",
        number=record.number,
        name="–" if record.person is None else record.person.name or "?",
        time=length(record.minutes),
        day=record.canteen.today(record.issued_at),
    )


@button("record_void", for_=COORDINATOR)
async def void(chat: Chat, canteen_id: int) -> None:
    """Ask which record is to be void, and why."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    records = await ServiceRecord.standing_in(canteen_id, SHOWN)
    if not records:
        raise NoHours
    choices = [Choice(str(record.id), _line(record)) for record in records]
    picked = int(await chat.ask("record", _("Which one shall be void?"), choices=choices))
    reason = await chat.ask("reason", _("Why? Only coordinators read it."), answers.words)
    record = await ServiceRecord.void(picked, reason, chat.person, chat.now)
    chat.say(_("{number} is void now. Whoever verifies it is told so.", number=record.number))
