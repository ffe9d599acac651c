"""The board of open cases: the red ones first, then by age; and what the month has shown."""

from __future__ import annotations

from typing import Final

from handlers.casecard import headline, tell_coordinators
from handlers.chat import COORDINATOR, Chat, button, command, press
from handlers.text import NOTHING, Text, _, _n, bold, lines
from models.casefigures import Figures
from models.cases import MISSED, Case, CaseKind
from models.people import Role

SHOWN: Final = 20


@command(
    "cases",
    for_=COORDINATOR,
    help=_("Doors that stay shut, and other worries"),
    phrases=_("open cases|who did not answer"),
)
async def show_cases(chat: Chat) -> None:
    """Show every open case on one board for each canteen, and a button for each card."""
    for canteen in await chat.person.canteens(Role.COORDINATOR):
        cases = await Case.open_of([canteen.id])
        figures = await Figures.of(canteen, chat.now)
        chat.say(
            lines(
                bold(_("Open at {canteen}", canteen=canteen.name))
                if cases
                else _("No worry is open. We know of everybody who did not answer how they are."),
                *(_line(case) for case in cases[:SHOWN]),
                _n("and {n} more", "and {n} more", len(cases) - SHOWN) if len(cases) > SHOWN else None,
                *_month(figures),
            ),
            buttons=[
                press(_("Show {name}", name=case.senior.display), "case", case.id) for case in cases[:SHOWN]
            ],
            zone=canteen.zone,
            card=f"cases {canteen.id}",
            fresh=True,
            reveals=f"open cases of canteen {canteen.id}" if cases else None,
        )


def _line(case: Case) -> Text:
    since = case.began_at or case.opened_at
    what = headline(case, case.senior)
    who = case.owner.name or "–" if case.owner else None
    if case.red and who:
        return _("🔴 {what}, since {when}: {who} looks after it.", what=what, when=since, who=who)
    if case.red:
        return _("🔴 {what}, since {when}: nobody looks after it yet.", what=what, when=since)
    if who:
        return _("🟠 {what}, since {when}: {who} looks after it.", what=what, when=since, who=who)
    return _("🟠 {what}, since {when}: nobody looks after it yet.", what=what, when=since)


def _month(figures: Figures) -> list[Text]:
    if not figures.opened:
        return []
    said = [
        NOTHING,
        _n("This month: {n} worry.", "This month: {n} worries.", sum(figures.opened.values())),
        _n(
            "Of these, {n} was a shut door or an empty place.",
            "Of these, {n} were shut doors or empty places.",
            sum(figures.opened.get(kind, 0) for kind in MISSED - {CaseKind.UNREACHED}),
        ),
    ]
    if figures.usually is not None:
        said.append(_("Usually we knew after {time} how they were.", time=figures.usually))
    return said


@button("case", for_=COORDINATOR)
async def show_case(chat: Chat, case_id: int) -> None:
    """Show one case's card at the bottom of the chat."""
    case = await Case.coordinated(case_id, chat.person)
    await tell_coordinators(chat, case, fresh=True, to=[chat.person])
