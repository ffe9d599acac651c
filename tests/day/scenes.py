"""One day of a canteen, from the first word to the last. Written once, lived on every channel and engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.day.phones import Phone, Shown
from tests.day.town import Town

CANTEEN: Final = "Ping'an Lane"
NAME: Final = "What is your name?"
NUMBER: Final = "Thank you, {name}. On which phone number can we reach you?"
AGE: Final = "How old are you? I keep no birthday."
KITCHEN: Final = "Kitchen for {day}: {n} lunch | Kitchen for {day}: {n} lunches"
ON_ITS_WAY: Final = (
    "On its way to {n} person. This message counts along."
    " | On its way to {n} people. This message counts along."
)
SERVED: Final = "✓ {n} served in person | ✓ {n} served in person"
DOOR: Final = "Door {number} of {all}"
HANDED_OVER: Final = "{name}'s lunch was handed over in person on {when}."

WELCOME: Final = "Welcome, {name}. You are a volunteer at {canteen} now. Take a shift whenever it suits you."
WHOM: Final = (
    "Whom would you like to register for lunch at {canteen}? Please write the full name, the year"
    " of birth, and how we should say the name, like this: {example}"
)
WHERE: Final = (
    "Where would {called} like to have lunch? If we should bring it, please write the address"
    " with building, floor and door."
)
AT_THE_DOOR: Final = (
    "How do we best get an answer at the door of {called}, and what shall we do if nobody opens?"
    " Two lines are best: first the knock, then the rest."
)
DAYS: Final = (
    "On which days should {called} have lunch? For every day that we cook ({days}), just tap “{done}”."
)
DIET: Final = (
    "Does {called} need a special diet? Tap all that is right."
    " If nothing special is needed, just tap “{done}”."
)
ALLERGIC: Final = (
    "Is {called} allergic to any of these? Tap all that is right. If to nothing, just tap “{done}”."
)
ELSE: Final = (
    "Whom else may we call if something is wrong? Please write a name and a phone number,"
    " like this: {example}"
)
AGREED: Final = (
    "Did {called} personally agree to having lunch with us, and to our keeping what you wrote here?"
)
QUESTIONS: Final = (
    "On which phone number can we reach {called}?", WHERE, AT_THE_DOOR, DAYS, DIET, DIET,
    "How soft must the food be for {called}?", ALLERGIC, ELSE, "Does {called} live alone?", AGREED,
    "Is everything right?",
)  # fmt: skip
WANG: Final = (
    "Wang Guifen, 1941, Grandma Wang", "021 5555 0101", "5 Ping'an Lane, building 3, door 201",
    "Ring long, she hears badly.\nAsk Mrs Li at 302.", ">Done",
    ">low salt", ">Done", ">soft, cut into small pieces", ">Done",
    "Li Ming, her son, 139 1234 5678", ">Yes, alone", ">Yes, agreed",
)  # fmt: skip
SUN: Final = (
    "Sun Bo, 1938, Mr Sun", ">No phone", "7 Ping'an Lane, door 101", "Knock twice.\nLook through the window.",
    ">Done", ">low salt", ">Done", ">soft, cut into small pieces", ">Done",
    ">Nobody else", ">Yes, alone", ">Yes, agreed",
)  # fmt: skip


@dataclass
class People:
    """Who lives this day."""

    chen: Phone
    lin: Phone
    zhao: Phone
    mei: Phone


async def live(town: Town, code: str, people: People) -> None:
    """Live the whole day."""
    await they_come(people, code)
    await a_senior_is_registered(people)
    await the_last_place_goes_to_one(town, people)
    await the_family_changes_orders(people)
    await orders_close(town, people)
    await volunteers_are_reminded(town, people)
    await the_round_is_walked(town, people)
    await the_day_ends(town, people)


async def they_come(people: People, code: str) -> None:
    """Come in: the coordinator by the code of `canteen init`, the others by her links."""
    chen = people.chen
    await chen.opens(code)
    await chen.hears(NAME)
    await chen.does(
        ("Ms Chen", NUMBER),
        ("139 0000 0001", "Welcome, {name}. You now look after {canteen}."),
        ("/invite", "Whom would you like to invite to {canteen}?"),
        (">A volunteer", "Would you like to bring lunch to older people with {canteen}? Come in here:"),
    )
    await comes_in(people.lin, chen.code(), "139 0000 0002")
    await chen.does(
        (">One more link", "Would you like to bring lunch to older people with {canteen}? Come in here:")
    )
    await comes_in(people.zhao, chen.code(), "139 0000 0003")
    for phone in (people.lin, people.zhao):
        await says_age(phone)
    await chen.does((">A family", "Here you register your family member for lunch with {canteen}:"))
    await comes_in(people.mei, chen.code(), "139 0000 0004")
    await people.mei.hears("Welcome, {name}. Now you can register your family member for lunch at {canteen}.")


async def says_age(phone: Phone) -> None:
    """Be grown up, as a volunteer is asked on coming in."""
    await phone.hears(AGE)
    await phone.does((">18 or older", WELCOME))


async def comes_in(phone: Phone, code: str, number: str) -> None:
    """Follow an invitation: name, and the number by the channel's own button."""
    await phone.opens(code)
    await phone.hears(NAME)
    await phone.says(phone.name)
    await phone.hears(NUMBER)
    await phone.shares_number(number)


async def a_senior_is_registered(people: People) -> None:
    """Register: a family its mother, the coordinator somebody who has no phone."""
    chen, mei = people.chen, people.mei
    await mei.presses("Register a family member")
    await mei.hears(WHOM)
    summary = await mei.does(*zip(WANG, QUESTIONS, strict=True))
    assert "5 Ping'an Lane, building 3, door 201" in summary.text
    await mei.does(
        (">Yes, send it", "Thank you. The coordinator will look at it today, and you get the answer here.")
    )
    card = await chen.hears("Waits for your answer")
    assert "Wang Guifen" in card.text
    await chen.presses("Accept", on=card)
    await chen.hears("{name} is with us now.")
    await chen.does(
        (">Route, stop and visit", "On which day will somebody visit {name} at home?"),
        (">Not decided yet", "Done. {name} is on {route}."),
    )
    await mei.hears("{canteen} welcomes {name}.")
    await mei.does(
        (">Tell me each day", "I tell you each day when {name} has had lunch, and when something is wrong.")
    )
    await the_coordinator_registers(chen)


async def the_coordinator_registers(chen: Phone) -> None:
    """Register Mr Sun, who lives two doors on and has nobody who writes."""
    await chen.says("/register")
    await chen.hears(WHOM)
    await chen.does(*zip(SUN, QUESTIONS, strict=True))
    await chen.does((">Yes, send it", "{name} is on the list as {short_id}."))
    card = await chen.hears("Waits for your answer")
    await chen.presses("Accept", on=card)
    await chen.hears("{name} is with us now.")


async def the_last_place_goes_to_one(town: Town, people: People) -> None:
    """Look at the same list; the first tap takes the place, the second hears that it is full."""
    await town.at("2026-11-23 09:30")
    lin, zhao = people.lin, people.zhao
    mine, his = [await asks_for_shifts(phone) for phone in (lin, zhao)]
    tuesday, wednesday = (data for _label, data in mine.keys[:2])
    await lin.taps(mine, wednesday)
    await lin.hears("Thank you! {when}, {route} is yours.")
    await zhao.taps(his, wednesday)
    await zhao.hears("Somebody was a moment faster: that shift is full now. Thank you for wanting to come!")
    await zhao.taps(his, tuesday)
    await zhao.hears("Thank you! {when}, {route} is yours.")
    await zhao.does(
        (">I can't come", "All right: {when}, {route} is open to others again. Thank you for saying so.")
    )


async def asks_for_shifts(phone: Phone) -> Shown:
    return await phone.does(("/shifts", "Open shifts at {canteen}"))


async def the_family_changes_orders(people: People) -> None:
    """Leave a day out, pause and begin again, all before the cut-off."""
    mei = people.mei
    await mei.does(("/status", "The canteen does not cook today, {day}."))
    await mei.does(
        ("/skip", "Which day will {name} not have lunch? Tap a day, or write one."),
        ("2026-11-26", "{name} will get no lunch on {day}. Nothing will be cooked or brought."),
        (">Yes, no lunch that day", "Noted: no lunch for {name} on {day}."),
    )
    await mei.does(
        ("/pause", "From which day will {name} have no lunch? Tap a day, or write one."),
        ("2026-11-30", "Which will be the last day without lunch? If you don't know yet, tap the button."),
        (">I don't know yet", "{name} will have no lunch from {starts} on, until you tell us."),
        (">Yes, pause", "Noted. {pause}"),
    )
    await mei.does(
        ("/resume", "From which day shall {name} have lunch again? Tap a day, or write one."),
        ("2026-12-02", "{name} will have lunch again from {day} on, as before."),
        (">Yes, from that day", "How good. {name} has lunch again from {day} on."),
    )


async def orders_close(town: Town, people: People) -> None:
    """Close the orders of two days; the coordinator gets the kitchen's count and the roster."""
    chen = people.chen
    await town.at("2026-11-23 16:01")
    await chen.hears(KITCHEN, 2)
    await town.at("2026-11-24 12:31")
    await chen.hears("How {day} went")
    await town.at("2026-11-24 16:01")
    await chen.hears(KITCHEN, 2)
    roster = await chen.hears("{route}, {day}: {n} home | {route}, {day}: {n} homes", 2)
    assert "Grandma Wang" in roster.text or "Wang Guifen" in roster.text
    await people.mei.does(
        ("/skip", "Which day will {name} not have lunch? Tap a day, or write one."),
        ("2026-11-25", "The orders for that day are closed: here it can't be taken back."),
    )
    await people.mei.says("/cancel")


async def volunteers_are_reminded(town: Town, people: People) -> None:
    """Remind on the evening before and on the morning; who gave the place back hears nothing."""
    lin = people.lin
    await town.at("2026-11-24 18:00")
    reminder = await lin.hears("Tomorrow is your shift: {when}, {route}.")
    await lin.presses("I'll be there", on=reminder)
    await lin.hears("Thank you, see you then: {when}, {route}.")
    await town.at("2026-11-25 08:01")
    await people.chen.hears("This count is final.")
    await people.mei.does(("/skip", "Which day will {name} not have lunch? Tap a day, or write one."))
    await people.mei.says("2026-11-25")
    await people.mei.hears(
        "Since {clock} the kitchen cooks for {day}, so I can't change that lunch any more."
        " Please call us: a person may still find a way."
    )
    await lin.does(
        ("/round", "Your next round starts {when}. One hour before, /round will show you the doors.")
    )
    assert not any(hidden(lin))
    await town.at("2026-11-25 09:00")
    await lin.hears("Today is your shift: {when}, {route}.")


async def the_round_is_walked(town: Town, people: People) -> None:
    """Walk from door to door; what happens there is known at once to whom it concerns."""
    chen, lin, mei = people.chen, people.lin, people.mei
    card = await chen.does(("/today", "The lists are made. Lunch leaves at {when}."))
    await town.at("2026-11-25 10:05")
    first = await lin.does(("/round", DOOR))
    assert "5 Ping'an Lane, building 3, door 201" in first.text
    assert "Ring long" in first.text
    await lin.presses("✓ Handed over", on=first)
    second = await lin.hears(DOOR)
    assert second.id == first.id
    assert "7 Ping'an Lane" in second.text
    assert "5 Ping'an Lane" not in second.text
    await mei.hears(HANDED_OVER)
    assert (await chen.hears(SERVED, 1)).id == card.id

    await lin.presses("Undo: {name}", on=second)
    again = await lin.hears(DOOR)
    await mei.hears("A correction, and we are sorry: {news}")
    await chen.hears(SERVED, 0)
    await lin.presses("✓ Handed over", on=again)
    await lin.hears(DOOR)
    await mei.hears(HANDED_OVER)
    await chen.hears(SERVED, 1)
    await nobody_opens(chen, lin)
    told = await mei.does(("/status", HANDED_OVER))
    assert "Grandma Wang" in told.text


async def nobody_opens(chen: Phone, lin: Phone) -> None:
    """Alert the coordinator at once; she takes it and settles it, and the volunteer hears of both."""
    await lin.presses("✗ No answer")
    plan = await lin.hears("Nobody answers at {name}'s. The coordinator knows it now.")
    assert "Look through the window." in plan.text
    await lin.hears("That was the last door. Thank you for the round!")
    case = await chen.hears("Nobody answers at {name}'s ({short})")
    assert "Mr Sun" in case.text
    await chen.hears("❗ {name} did not answer, since {when}: nobody looks into it yet.")
    await chen.presses("I look after it", on=case)
    await lin.hears("{who} looks after {name} now. You may go on with your round. Thank you.")
    await chen.hears("❗ {name} did not answer, since {when}: {who} looks into it.")
    await chen.does(
        (">It is settled", "How is {name}?"),
        (
            ">Safe, asleep or did not hear",
            "With whom have you spoken? The family hears of it from me only after somebody has spoken.",
        ),
        (">With the family", "Anything to note for later? Only coordinators see it."),
        (">No", "Thank you. That is on record now."),
    )
    await lin.hears("{name} is safe. Thank you for telling us.")
    assert "Mr Sun" not in (await chen.hears("Nothing is open.")).text


async def the_day_ends(town: Town, people: People) -> None:
    """Write to everybody, count the hours, report the day, and reach one person from two places."""
    chen, lin = people.chen, people.lin
    await chen.does(
        ("/broadcast", "Who should read it?"),
        (">Everyone ({n})", "What would you like to say? Write it just as they should read it."),
        ("Tomorrow there is <b>cake</b> for {everyone} 🍰", "This is how they will see it:"),
    )
    await chen.presses("Send")
    await chen.hears(ON_ITS_WAY, 3)
    await town.goes_on()
    for phone in (lin, people.zhao, people.mei):
        letter = await phone.hears("{name} of {canteen} writes:")
        assert "Tomorrow there is <b>cake</b> for {everyone} 🍰" in letter.text
        await phone.does((">I have read it", "Thank you. Now we know that it reached you."))
    await lin.does(("/hours", "You have given {month} this month, {total} in all. Thank you."))
    await town.at("2026-11-25 12:31")
    await chen.hears("How {day} went")
    await two_phones_are_one_person(town, lin)
    await town.at("2026-11-25 14:01")
    for _message in ("the doors", "what was agreed", "that somebody looks after it", "that all is well"):
        await lin.hears("This round is over, so the addresses are gone from here. Thank you.")
    assert not any(hidden(lin))


def hidden(volunteer: Phone) -> Iterator[str]:
    """Find what a volunteer sees only around the hours of the round."""
    secrets = ("5 Ping'an Lane", "7 Ping'an Lane", "Ring long", "Knock twice", "Look through the window")
    for message in volunteer.shown:
        yield from (secret for secret in secrets if secret in message.text)


async def two_phones_are_one_person(town: Town, lin: Phone) -> None:
    """Join a browser to the person, who is known there at once."""
    await lin.does(("/link", "Open this on your other phone or in your other app within ten minutes:"))
    browser = await town.browser("Lin's tablet", lin.language)
    await browser.opens(lin.code())
    await browser.hears("Done. Here and there, you are now the same person for me.")
    await browser.does(("/hours", "You have given {month} this month, {total} in all. Thank you."))
