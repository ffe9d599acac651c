"""Hello: who you are, and what you most likely need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from handlers.chat import ANYONE, REGISTRY, Button, Chat, button, command, explains, otherwise, press
from handlers.human import whom_to_call
from handlers.joining import came_by, code_in, come_in
from handlers.text import NOTHING, Text, _, lines, listed, verbatim
from models import joining
from models.canteens import Canteen
from models.invitations import Invitation
from models.people import Membership, Role
from models.refusals import CodeUnknown, FormOpen, Gone, NotAllowed

LANGUAGES_BUTTON: Final = press(verbatim("English · 中文 · Español"), "/language")
A_CODE: Final = re.compile(r"\b[a-hj-kmnp-z2-9]{12}\b")

NEEDS: Final[dict[Role, Sequence[Button]]] = {
    Role.COORDINATOR: (
        press(_("Today"), "/today"),
        press(_("New registrations"), "/approve"),
        press(_("People"), "/people"),
        press(_("Settings"), "/settings"),
    ),
    Role.KITCHEN: (press(_("How many lunches today"), "/kitchen"),),
    Role.VOLUNTEER: (
        press(_("My shifts"), "/my"),
        press(_("Open shifts"), "/shifts"),
        press(_("My round"), "/round"),
    ),
    Role.FAMILY: (
        press(_("How is lunch today?"), "/status"),
        press(_("No lunch on one day"), "/skip"),
        press(_("Register a family member"), "/register"),
    ),
}


@command(
    "start",
    for_=ANYONE,
    help=_("Begin, or come back to the beginning"),
    phrases=_("hello|hi|hey|good morning|good afternoon|good evening|want to help|like to help"),
)
async def start(chat: Chat) -> None:
    """Come in with a code, or be greeted."""
    if chat.args and not await came_by(chat, chat.args):
        await come_in(chat, chat.args)
    else:
        await greet(chat)


@otherwise
async def not_understood(chat: Chat, text: str) -> None:
    """Help on when plain words were not understood; a pasted invitation counts as one."""
    for overhear in REGISTRY.overhear:
        if await overhear(chat, text):
            return
    if await _holds_a_code(chat, text):
        await come_in(chat, text)
    elif chat.roles == {Role.STRANGER}:
        await greet(chat)
    else:
        chat.say(
            _("I am only a simple helper and did not understand that. Maybe it is one of these?"),
            buttons=[*_needs(chat), press(_("Talk to a person"), "human")],
        )


async def _holds_a_code(chat: Chat, text: str) -> bool:
    try:
        return bool(A_CODE.search(text.lower())) and bool(await Invitation.look(code_in(text), chat.now))
    except CodeUnknown:
        return False


async def greet(chat: Chat) -> None:
    """Greet somebody by what they are to us."""
    if chat.roles == {Role.STRANGER}:
        await _greet_stranger(chat)
        return
    mine = {canteen.id: canteen for role in Role for canteen in await chat.person.canteens(role)}
    name = chat.person.name
    chat.say(
        lines(
            _("Good to see you, {name}.", name=name) if name else _("Good to see you."),
            _("Here is what you most likely need. Everything that I can do is under Help."),
            *(await _waiting(chat)),
        ),
        buttons=[*_needs(chat), press(_("Help"), "/help")],
    )
    if len(mine) > 1:
        _offer_canteens(chat, list(mine.values()))


def _needs(chat: Chat) -> list[Button]:
    return [need for role, needs in NEEDS.items() if role in chat.roles for need in needs]


async def _waiting(chat: Chat) -> list[Text]:
    asked = await Membership.filter(person_id=chat.person.id, accepted_at=None, ended_at=None)
    canteens = await Canteen.filter(id__in=[member.canteen_id for member in asked]).order_by("id")
    looked_after = await chat.person.canteens(Role.COORDINATOR)
    return [
        _("The coordinator of {canteen} has not answered yet whether you can help.", canteen=canteen.name)
        for canteen in canteens
    ] + [
        _("At {canteen}, somebody waits for your answer: see People.", canteen=canteen.name)
        for canteen in looked_after
        if await joining.waiting(canteen.id)
    ]


async def _greet_stranger(chat: Chat) -> None:
    canteens = await Canteen.all().order_by("id")
    if not canteens:
        chat.say(
            _("Welcome. No canteen has begun here yet; please come back later."), buttons=[LANGUAGES_BUTTON]
        )
        return
    if waiting := await _waiting(chat):
        chat.say(
            lines(_("Good to see you."), *waiting, NOTHING, await whom_to_call(chat.person)),
            buttons=[press(_("I would like to register a family member"), "/register"), LANGUAGES_BUTTON],
        )
        return
    chat.say(
        lines(
            _(
                "Welcome. I help {canteens} to bring lunch to older people.",
                canteens=listed([canteen.name for canteen in canteens]),
            ),
            _("Who are you?"),
        ),
        buttons=[
            press(_("I would like to register a family member"), "/register"),
            press(_("I would like to help as a volunteer"), "offer"),
            press(_("I have an invitation code"), "invited"),
            press(_("I would like to talk to a person"), "human"),
            LANGUAGES_BUTTON,
        ],
    )


def _offer_canteens(chat: Chat, canteens: Sequence[Canteen]) -> None:
    now_for = next((canteen.name for canteen in canteens if canteen.id == chat.person.canteen_id), None)
    chat.say(
        _("You have several canteens. Just now we speak about {canteen}.", canteen=now_for)
        if now_for
        else _("You have several canteens. Each time, I ask which one you mean, unless you choose one here."),
        buttons=[
            press(_("Always {canteen}", canteen=canteen.name), "canteen", canteen.id)
            for canteen in canteens
            if canteen.id != chat.person.canteen_id
        ],
    )


@button("canteen")
async def speak_about(chat: Chat, canteen_id: int) -> None:
    """Mean one canteen from now on."""
    await chat.person.work_for(canteen_id)
    canteen = await Canteen.get(id=canteen_id)
    chat.say(_("All right, from now on we speak about {canteen}.", canteen=canteen.name))


@explains(FormOpen)
def form_open(_refusal: FormOpen) -> Text:
    return _("A question is still open. Please answer it or tap Cancel first, then choose the canteen.")


@explains(NotAllowed)
def not_allowed(_refusal: NotAllowed) -> Text:
    return _("That is not open to you. If you think it should be, write 0 and call the number you get.")


@explains(Gone)
def gone(_refusal: Gone) -> Text:
    return _("That is no longer there, so nothing was changed.")
