"""Family and friends of a senior, as coordinators keep them: who may know what, and who is called first."""

from __future__ import annotations

from typing import Final

from handlers.chat import COORDINATOR, Chat, Choice, Mail, Priority, button, explains, press
from handlers.text import NOTHING, Text, _, bold, lines
from models.canteens import Canteen
from models.following import Followed
from models.kin import ALL, USUAL, Kinship, Scope
from models.refusals import Gone, NotByMessage
from models.seniors import Senior

SCOPES: Final[dict[Scope, Text]] = {
    Scope(0): _("Nothing by message"),
    Scope.STATUS: _("How lunch stands"),
    USUAL: _("How lunch stands, and when something was wrong at the door"),
    ALL: _("Everything, also what concerns the health"),
}
OWN_YES: Final = "own_yes"


@button("relatives", for_=COORDINATOR)
async def show_relatives(chat: Chat, senior_id: int) -> None:
    """Show a senior's family and friends in the order in which they are called."""
    senior = await Senior.coordinated(senior_id, chat.person)
    everyone = await Kinship.of(senior)
    called = [kin.id for kin in await Kinship.to_call(senior)]
    ordered = sorted(everyone, key=lambda kin: called.index(kin.id) if kin.id in called else len(called))
    chat.say(
        lines(
            bold(_("Family and friends of {name}", name=senior.display)),
            *(part for kin in ordered for part in (NOTHING, *_describe(kin))),
        )
        if ordered
        else _("Nobody of the family of {name} is known here yet.", name=senior.display),
        buttons=[
            *(press(_("Change {name}", name=_name(kin)), "relative", kin.id) for kin in ordered),
            press(_("Invite a relative"), "kin_invite", senior.id),
            press(_("Show the card"), "senior", senior.id),
        ],
        card=f"relatives {senior.id}",
        fresh=True,
        reveals=f"family of senior {senior.id}",
    )


def _describe(kin: Kinship) -> list[Text]:
    name, phone = _name(kin), kin.person.phone
    said = [
        _("{name} ({relation})", name=name, relation=kin.relation) if kin.relation else _("{name}", name=name)
    ]
    if phone:
        said.append(_("Phone: {phone}", phone=phone))
    if kin.linked:
        said.append(may_know(kin))
    return said


def may_know(kin: Kinship) -> Text:
    """Say what a relative may know."""
    return _("May know: {what}", what=SCOPES.get(kin.held, SCOPES[USUAL]))


def _name(kin: Kinship) -> str:
    return kin.person.name or kin.person.phone or "–"


@button("relative", for_=COORDINATOR)
async def show_relative(chat: Chat, kin_id: int) -> None:
    """Show one of them, and what can be changed."""
    kin = await Kinship.coordinated(kin_id, chat.person)
    chat.say(
        lines(bold(_("{name}, for {senior}", name=_name(kin), senior=kin.senior.display)), *_describe(kin)),
        buttons=[
            *([press(_("May know something else"), "kin_scope", kin.id)] if kin.linked else []),
            *([press(_("Call first"), "kin_first", kin.id)] if kin.person.phone else []),
            press(_("No longer family or friend"), "kin_end", kin.id),
            press(_("Back to the list"), "relatives", kin.senior_id),
        ],
        reveals=f"family of senior {kin.senior_id}",
    )


@button("kin_scope", for_=COORDINATOR)
async def allow(chat: Chat, kin_id: int) -> None:
    """Set what a relative may know, and by whose word."""
    kin = await Kinship.coordinated(kin_id, chat.person)
    picked = await chat.ask(
        "scope",
        _("What may {name} know about {senior}?", name=_name(kin), senior=kin.senior.display),
        choices=[Choice(str(int(scope)), label) for scope, label in SCOPES.items()],
    )
    by = await chat.ask(
        "by",
        _("By whose word?"),
        choices=[
            Choice(OWN_YES, _("{senior} said so personally", senior=kin.senior.display)),
            Choice("coordinator", _("I decide it as coordinator")),
        ],
    )
    scope = Scope(int(picked))
    if scope not in SCOPES:
        raise Gone
    await Kinship.allow(kin_id, scope, own_yes=by == OWN_YES, by=chat.person, now=chat.now)
    chat.say(
        _("Done. {name} may know: {what}", name=_name(kin), what=SCOPES[scope]),
        buttons=[press(_("Back to the list"), "relatives", kin.senior_id)],
    )


@button("kin_first", for_=COORDINATOR)
async def call_first(chat: Chat, kin_id: int) -> None:
    """Let one of them be called before the others when nobody opens."""
    kin = await Kinship.call_first(kin_id, chat.person, chat.now)
    await show_relatives(chat, kin.senior_id)


@button("kin_end", for_=COORDINATOR)
async def end(chat: Chat, kin_id: int) -> None:
    """Let somebody be family or friend no more."""
    kin = await Kinship.coordinated(kin_id, chat.person)
    sure = await chat.ask(
        "sure",
        _(
            "Shall {name} hear nothing more about {senior}, and not be called any more?",
            name=_name(kin),
            senior=kin.senior.display,
        ),
        choices=[Choice("yes", _("Yes")), Choice("no", _("No, leave it"))],
    )
    if sure == "yes":
        await Kinship.end(kin_id, chat.person, chat.now)
    await show_relatives(chat, kin.senior_id)


async def tell_of_follower(mail: Mail, canteen: Canteen, followed: Followed) -> None:
    """Tell the coordinators quietly who follows a senior now, by whose code, and what to do about it."""
    senior, kin = followed.senior, followed.kin
    await kin.fetch_related("person")
    for coordinator in await canteen.coordinators():
        if coordinator.id == kin.person_id:
            continue
        mail.say(
            lines(
                _(
                    "{name} follows {senior} ({short_id}) by chat from now on, with a link from {who}.",
                    name=_name(kin),
                    senior=senior.spoken,
                    short_id=senior.short_id,
                    who=followed.invited_by.name or _("The family"),
                ),
                may_know(kin),
                _("If {senior} would not want that, change it here.", senior=senior.spoken),
            ),
            to=coordinator,
            buttons=[
                press(_("May know something else"), "kin_scope", kin.id),
                press(_("No longer family or friend"), "kin_end", kin.id),
                press(_("Family and friends"), "relatives", senior.id),
            ],
            zone=canteen.zone,
            priority=Priority.NOTICE,
            reveals=f"family of senior {senior.id}",
        )


@explains(NotByMessage)
def not_by_message(_refusal: NotByMessage) -> Text:
    return _(
        "About this lunch I can tell and change nothing by message. Please call us: a person will help you."
    )
