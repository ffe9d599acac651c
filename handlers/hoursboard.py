"""The volunteers' hours for a coordinator: a canteen's month, what is put right, and files to take along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from handlers import answers
from handlers.answers import plain, words
from handlers.chat import COORDINATOR, Button, Chat, Choice, Mail, Priority, Unclear, button, press
from handlers.forgottenends import settle_keys
from handlers.hourswords import FILES, bar, card_of, entry_line, length, not_counted, where
from handlers.months import month_words
from handlers.text import NOTHING, Text, _, bold, lines, verbatim
from models import hourslists
from models.canteens import Canteen
from models.hours import LONGEST, HoursEntry, HoursKind
from models.hourslists import Share
from models.months import month_of
from models.people import Person, Role
from models.refusals import Gone
from models.shiftrefusals import NoHours

SHOWN: Final = 8
DAYS_OFFERED: Final = 5


@button("hours_month", for_=COORDINATOR)
async def show_month(chat: Chat, canteen_id: int, day: date) -> None:
    """Show what a canteen's volunteers gave in the month of a day."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    await show(chat, await Canteen.get(id=canteen_id), month_of(day))


async def show(chat: Chat, canteen: Canteen, month: date) -> None:
    """Say a canteen's month: a line for each volunteer, and the sum."""
    shares = await hourslists.by_person(canteen.id, month)
    open_ = sum(share.open for share in shares)
    together = sum(share.minutes for share in shares)
    chat.say(
        lines(
            bold(_("Hours at {canteen}, {month}", canteen=canteen.name, month=month_words(month))),
            *_shares(shares),
            _("Together: {time}", time=length(together))
            if together
            else _("Nobody's hours were counted in this month."),
            not_counted(open_),
        ),
        buttons=_board_keys(canteen.id, month, bool(await hourslists.open_in(canteen.id))),
        zone=canteen.zone,
        card=f"hours of {canteen.id}",
        fresh=True,
        reveals=f"hours of canteen {canteen.id} in {month:%Y-%m}",
    )


def _shares(shares: Sequence[Share]) -> list[Text]:
    most = max((share.minutes for share in shares), default=0)
    return [
        _(
            "{name}: {time} {bar}",
            name=share.person.name or "?",
            time=length(share.minutes),
            bar=bar(share.minutes, most),
        )
        for share in shares
        if share.minutes
    ]


def _board_keys(canteen_id: int, month: date, open_: bool) -> list[Button | list[Button]]:
    before = month_of(month, -1)
    keys: list[Button | list[Button]] = []
    if open_:
        keys.append(press(_("Shifts not counted yet"), "hours_open", canteen_id))
    return [
        *keys,
        [
            press(_("One volunteer"), "hours_whose", canteen_id, month),
            press(month_words(before), "hours_month", canteen_id, before),
        ],
        press(_("Service records"), "records", canteen_id),
        [
            press(_("… as a table"), "hours_file", canteen_id, month, FILES[0]),
            press(_("… as CSV"), "hours_file", canteen_id, month, FILES[1]),
        ],
    ]


@button("hours_file", for_=COORDINATOR)
async def bring(chat: Chat, canteen_id: int, day: date, what: str) -> None:
    """Bring a canteen's month as a file, with every entry that was ever written."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    if what not in FILES:
        raise Gone
    chat.say(
        _(
            "The hours of {month}, those that were put right as well. Names are in it: please keep it safe.",
            month=month_words(month_of(day)),
        ),
        paper=(what, canteen_id, 0, month_of(day)),
        reveals=f"hours of canteen {canteen_id} in {day:%Y-%m}",
    )


@button("hours_open", for_=COORDINATOR)
async def show_open(chat: Chat, canteen_id: int) -> None:
    """Show the shifts whose end is not known, each with its buttons, the oldest first."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    open_ = await hourslists.open_in(canteen_id)
    if not open_:
        raise NoHours
    for entry in open_[:SHOWN]:
        chat.say(
            _(
                "{name}, {day}, {route}: {time} if it counts. Does it?",
                name=entry.person.name or "?",
                day=entry.day,
                route=where(entry),
                time=length(entry.minutes),
            ),
            buttons=settle_keys(entry, _("Count {time}", time=length(entry.minutes))),
            zone=entry.canteen.zone,
            card=card_of(entry),
            fresh=True,
        )


# ---------------------------------------------------------------------------------------------- one volunteer


@button("hours_whose", for_=COORDINATOR)
async def one_volunteer(chat: Chat, canteen_id: int, day: date) -> None:
    """Ask whose hours, and show their month."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen, month = await Canteen.get(id=canteen_id), month_of(day)
    people = await hourslists.servants(canteen_id, month)
    choices = [Choice(str(person.id), verbatim(person.name or "?")) for person in people]
    person = await chat.ask("whose", _("Whose hours?"), _one_of(people), choices=choices)
    await _show_person(chat, canteen, person, month)


def _one_of(people: Sequence[Person]) -> Callable[[str], Person]:
    """Make a reader for somebody's name, whole or in part, or the number of their button."""

    def read(text: str) -> Person:
        said = plain(words(text))
        exact = [one for one in people if said in (str(one.id), plain(one.name or ""))]
        found = exact or [one for one in people if said in plain(one.name or "")]
        if len(found) != 1:
            raise Unclear(_("I can't tell who that is. Please tap a name, or write all of it."))
        return found[0]

    return read


async def _show_person(chat: Chat, canteen: Canteen, person: Person, month: date) -> None:
    entries = await hourslists.of_person(person.id, canteen.id, month)
    keys: list[Button | list[Button]] = []
    if entries:
        keys.append(press(_("Put something right"), "hours_fix", canteen.id, person.id, month))
    keys += [
        press(_("Add hours"), "hours_add", canteen.id, person.id),
        press(_("Service record"), "service_record", canteen.id, person.id),
    ]
    chat.say(
        lines(
            bold(_("{name}, {month}", name=person.name or "?", month=month_words(month))),
            *(entry_line(entry) for entry in entries),
            NOTHING,
            _("Together: {time}", time=length(sum(entry.counted for entry in entries))),
        ),
        buttons=keys,
        zone=canteen.zone,
        card=f"hours of {canteen.id} {person.id}",
        fresh=True,
        reveals=f"hours of person {person.id} in {month:%Y-%m}",
    )


@button("hours_fix", for_=COORDINATOR)
async def put_right(chat: Chat, canteen_id: int, person_id: int, day: date) -> None:
    """Ask which entry is wrong, how long it was, and why; the old entry stays to be seen."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    entries = await hourslists.of_person(person_id, canteen_id, month_of(day))
    if not entries:
        raise NoHours
    choices = [Choice(str(entry.id), entry_line(entry)) for entry in entries]
    picked = int(await chat.ask("entry", _("Which one is wrong?"), choices=choices))
    minutes = await chat.ask(
        "minutes",
        _("How many minutes was it really?"),
        answers.number(0, LONGEST),
        choices=[Choice("0", _("It does not count"))],
    )
    reason = await chat.ask("reason", _("Why? The volunteer reads it, too."), words)
    old = await HoursEntry.get(id=picked)
    entry = await HoursEntry.correct(picked, minutes, reason, chat.person, chat.now)
    canteen, person = await Canteen.get(id=canteen_id), await Person.get(id=person_id)
    _tell(chat, entry, old, person, canteen)
    await _show_person(chat, canteen, person, month_of(day))


@button("hours_add", for_=COORDINATOR)
async def add_hours(chat: Chat, canteen_id: int, person_id: int) -> None:
    """Ask for service that no round recorded, and write it down."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    person = await Person.get_or_none(id=person_id)
    if person is None or person.id not in {
        one.id for one in await hourslists.servants(canteen_id, canteen.today(chat.began))
    }:
        raise Gone
    name = person.name or "?"
    today = canteen.today(chat.began)
    lately = [today - timedelta(days=ago) for ago in range(DAYS_OFFERED)]
    day = await chat.ask(
        "day",
        _("On which day did {name} help? Tap one, or write it.", name=name),
        answers.past_day(today),
        choices=[Choice(str(each), _("{day}", day=each)) for each in lately],
    )
    minutes = await chat.ask("minutes", _("How many minutes was it?"), answers.number(1, LONGEST))
    reason = await chat.ask("reason", _("What was it? For example: helped in the kitchen"), words)
    entry = await HoursEntry.add(person_id, canteen_id, day, minutes, reason, chat.person, chat.now)
    _tell(chat, entry, None, person, canteen)
    await _show_person(chat, canteen, person, month_of(day))


def _tell(mail: Mail, entry: HoursEntry, old: HoursEntry | None, person: Person, canteen: Canteen) -> None:
    """Let a volunteer know what was written down about them, and why."""
    told = {"day": entry.day, "time": length(entry.minutes), "reason": entry.reason or "–"}
    if old is None:
        text = _("The coordinator has written down {time} for you on {day}: {reason}", **told)
    elif entry.kind is HoursKind.VOID:
        text = _(
            "Your {old} of {day} do not count any more: {reason}. If that is wrong, write 0.",
            old=length(old.minutes),
            **told,
        )
    else:
        text = _(
            "Your hours of {day} were put right, from {old} to {time}: {reason}. If that is wrong, write 0.",
            old=length(old.minutes),
            **told,
        )
    mail.say(text, to=person, zone=canteen.zone, priority=Priority.NOTICE)
