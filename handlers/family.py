"""Relatives: what they want to be told, who else may follow, and what the coordinator asks them."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from handlers import setting_readers
from handlers.chat import ANYONE, FAMILY, Chat, Choice, Keyboard, button, press
from handlers.introductions import introduce
from handlers.senior_card import refresh
from handlers.text import Link, Text, _, lines
from models.canteens import Canteen
from models.following import invite as invite_relative
from models.kin import Scope
from models.seniors import Kinship, Senior

SAME: Final = "same"


def told_buttons(senior: Senior) -> Keyboard:
    """Offer what a relative can be told, and to bring another relative."""
    return [
        press(_("Tell me each day"), "tell", senior.id, 1),
        press(_("Only when something is wrong"), "tell", senior.id, 0),
        press(_("Invite a relative"), "kin_invite", senior.id),
        press(_("The diet has changed"), "diet_wish", senior.id),
        press(_("My clock is another one"), "my_zone"),
    ]


@button("told")
async def what_i_am_told(chat: Chat, senior_id: int) -> None:
    """Say what a relative is told now, and offer to change it."""
    kin = await Kinship.between(senior_id, chat.person)
    _show(chat, await Senior.get(id=senior_id), kin)


@button("tell")
async def tell(chat: Chat, senior_id: int, served: int) -> None:
    """Set what a relative is told."""
    kin = await Kinship.tell(senior_id, chat.person, served=bool(served))
    _show(chat, await Senior.get(id=senior_id), kin)


def _show(chat: Chat, senior: Senior, kin: Kinship) -> None:
    chat.say(
        lines(_wish(senior, kin), of_problems(senior, kin)),
        buttons=told_buttons(senior),
        card=f"told {senior.id}",
        fresh=True,
    )


def of_problems(senior: Senior, kin: Kinship) -> Text | None:
    """Say that not all is told to a relative; None where how lunch stands, and what was wrong, is."""
    if kin.may(Scope.STATUS) and kin.may(Scope.NOTICES):
        return None
    return _(
        "Not everything about {name} is told by message. Please call us with questions.", name=senior.display
    )


def _wish(senior: Senior, kin: Kinship) -> Text:
    if kin.tell_served:
        return _(
            "I tell you each day when {name} has had lunch, and when something is wrong.", name=senior.display
        )
    return _(
        "I write to you about {name} only when something is wrong. You can always ask me.",
        name=senior.display,
    )


def _city(text: str) -> str:
    return SAME if text == SAME else setting_readers.zone(text)


@button("my_zone", for_=FAMILY)
async def my_zone(chat: Chat) -> None:
    """Keep where a relative lives, so that both clocks are told."""
    here = await chat.ask(
        "zone",
        _(
            "In which city are you? I then tell you both clocks. Please write it like {example}.",
            example="Madrid",
        ),
        _city,
        choices=[Choice(SAME, _("The same clock as the canteen"))],
    )
    await chat.person.live_in(None if here == SAME else here)
    chat.say(
        _("Thank you. From now on I tell you the canteen's clock only.")
        if here == SAME
        else _(
            "Thank you. Where you are it is {clock} now.", clock=chat.now.astimezone(ZoneInfo(here)).time()
        )
    )


@button("kin_invite", for_=ANYONE)
async def invite(chat: Chat, senior_id: int) -> None:
    """Make a link with which one more relative can follow a senior."""
    code = await invite_relative(senior_id, chat.person, chat.now)
    senior = await Senior.get(id=senior_id)
    chat.say(
        lines(
            _(
                "Please forward this link to the relative who shall follow {name}."
                " It works once, for 14 days:",
                name=senior.display,
            ),
            _("{link}", link=Link(code)),
        )
    )


def thank(chat: Chat) -> None:
    """Say what happens next; the same to all, so that nobody learns who is on the list already."""
    chat.say(
        _("Thank you. The coordinator will look at it today, and you get the answer here."),
        buttons=[] if chat.person.phone else [press(_("Leave my phone number"), "my_phone")],
    )


@button("my_phone")
async def leave_my_phone(chat: Chat) -> None:
    """Ask for the name and number of somebody who registered a senior before saying them."""
    followed = await Senior.followed_by(chat.person)
    canteens = await Canteen.all().order_by("id")
    known = [canteen for canteen in canteens if canteen.id in {senior.canteen_id for senior in followed}]
    name, phone = await introduce(chat, (known or canteens)[0])
    await chat.person.introduce(name, phone)
    chat.say(
        _("Thank you, {name}. We will call you on {phone} if there is a question.", name=name, phone=phone)
    )
    for senior in followed:
        await refresh(chat, senior)
