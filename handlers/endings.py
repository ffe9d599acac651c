"""When lunches end for good: one act, in words that fit, and the way back within a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import afterclosing, answers
from handlers.chat import COORDINATOR, Chat, Choice, Priority, button, explains, press
from handlers.senior_card import refresh
from handlers.text import Text, _, _n, lines, verbatim
from models import endings
from models.canteens import Canteen
from models.endings import Ended, EndReason
from models.people import Person
from models.refusals import EndedForGood, Gone, RegisteredAnew
from models.seniors import Senior, Status

REASONS: Final[Mapping[EndReason, Text]] = {
    EndReason.MOVED: _("Moved away"),
    EndReason.HOME: _("Lives in a home now"),
    EndReason.OWN_WISH: _("Own wish"),
    EndReason.DIED: _("Has passed away"),
    EndReason.OTHER: _("Something else"),
}
OURS: Final = "ours"
NOBODY: Final = "nobody"


@button("senior_end", for_=COORDINATOR)
async def end(chat: Chat, senior_id: int) -> None:
    """Let lunches end for good; after a death no message goes out by itself."""
    senior = await Senior.coordinated(senior_id, chat.person)
    name = senior.display
    reason = EndReason(
        await chat.ask(
            "reason",
            _("Why do the lunches of {name} end?", name=name),
            choices=[Choice(code, label) for code, label in REASONS.items()],
            label=_("Reason"),
        )
    )
    if reason is EndReason.DIED:
        await _say_farewell(chat, senior)
        return
    await chat.confirm(
        "sure", _("Shall the lunches of {name} end for good, from today?", name=name), yes=_("Yes, end")
    )
    canteen = await Canteen.get(id=senior.canteen_id)
    human, phone = canteen.human
    ended = await endings.end(senior_id, reason, chat.person, chat.now)
    chat.say(
        _("The lunches of {name} have ended, and the family is told.", name=name)
        if ended.followers
        else _("The lunches of {name} have ended.", name=name),
        buttons=[press(_("Take this back"), "senior_undo", senior_id)],
    )
    for follower in ended.followers:
        chat.say(
            _(
                "The lunches of {name} at {canteen} have ended."
                " If you have a question, call {human}: {phone}",
                name=name, canteen=canteen.name, human=human, phone=phone,
            ),
            to=follower,
            zone=canteen.zone,
        )  # fmt: skip
    await _tell_of(chat, canteen, ended)


@button("farewell", for_=COORDINATOR)
async def farewell(chat: Chat, senior_id: int) -> None:
    """Let everything rest after a death of which a case has told."""
    senior = await Senior.coordinated(senior_id, chat.person)
    if senior.status is not Status.ACTIVE:
        raise Gone
    await _say_farewell(chat, senior)


async def _say_farewell(chat: Chat, senior: Senior) -> None:
    name = senior.display
    canteen = await Canteen.get(id=senior.canteen_id)
    people = await endings.carriers(senior.id, chat.now)
    words = await _ask_for_words(chat, name, people) if people else NOBODY
    await chat.confirm(
        "sure",
        lines(
            _("We are sorry. {name} was one of us.", name=name),
            _(
                "With your yes, lunches and every message about {name} end now."
                " I write nothing to the family: they should hear a voice, and that is yours.",
                name=name,
            ),
        ),
        yes=_("Yes, let everything rest"),
    )
    ended = await endings.end(senior.id, EndReason.DIED, chat.person, chat.now)
    told = people if words != NOBODY else []
    for person in told:
        chat.say(
            _farewell(name) if words == OURS else verbatim(words),
            to=person,
            zone=canteen.zone,
            priority=Priority.NOTICE,
        )
    chat.say(
        lines(
            _(
                "The lunches of {name} have ended. I have not written to the family: that is for you to do.",
                name=name,
            ),
            _n(
                "{n} volunteer who brought lunch hears it from me.",
                "{n} volunteers who brought lunch hear it from me.",
                len(told),
            )
            if told
            else None,
            _("If this was a mistake, it can be taken back for 30 days."),
        ),
        buttons=[press(_("Take this back"), "senior_undo", senior.id)],
    )
    await _tell_of(chat, canteen, ended)


async def _ask_for_words(chat: Chat, name: str, people: list[Person]) -> str:
    return await chat.ask(
        "words",
        lines(
            _n(
                "{n} volunteer brought lunch to {name} in the last weeks. What shall I write there?"
                " Tap, or write your own words.",
                "{n} volunteers brought lunch to {name} in the last weeks. What shall I write to them?"
                " Tap, or write your own words.",
                len(people),
                name=name,
            ),
            _farewell(name),
        ),
        lambda text: text if text in (OURS, NOBODY) else answers.long_words(text),
        choices=[Choice(OURS, _("These words")), Choice(NOBODY, _("Nothing: I will tell them myself"))],
        label=_("Words for the volunteers"),
    )


def _farewell(name: str) -> Text:
    return _(
        "We have sad news: {name} has passed away. Thank you for every lunch that you brought,"
        " and for every word at the door.",
        name=name,
    )


async def _tell_of(chat: Chat, canteen: Canteen, ended: Ended) -> None:
    await afterclosing.tell(chat, canteen, ended.senior, ended.meals)
    await refresh(chat, ended.senior)


@button("senior_undo", for_=COORDINATOR)
async def take_back(chat: Chat, senior_id: int) -> None:
    """Let everything go on as before an end that was a mistake."""
    senior = await Senior.coordinated(senior_id, chat.person)
    await chat.confirm(
        "sure",
        _(
            "Shall everything go on for {name} as before: lunches, route, and who follows?",
            name=senior.display,
        ),
        yes=_("Yes, go on as before"),
    )
    again = await endings.undo(senior_id, chat.person, chat.now)
    canteen = await Canteen.get(id=senior.canteen_id)
    chat.say(
        _("Everything goes on for {name} as before. I have not written to the family.", name=senior.display)
    )
    await _tell_of(chat, canteen, again)


@explains(EndedForGood)
def ended_for_good(_refusal: EndedForGood) -> Text:
    return _("That was more than 30 days ago. Please register anew: /register")


@explains(RegisteredAnew)
def registered_anew(_refusal: RegisteredAnew) -> Text:
    return _("This person was registered anew meanwhile, so I leave the old entry as it is.")
