"""The board of open cases: the red ones first, then by age; and what two months have shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.casecard import headline, tell_coordinators
from handlers.casefigures import month_words
from handlers.chat import COORDINATOR, Chat, button, command, press
from handlers.text import Text, _, _n, bold, lines
from models.canteens import Canteen
from models.casefigures import Figures
from models.cases import Case
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
        await _show_board(chat, canteen, 0, fresh=True)


@button("cases_page", for_=COORDINATOR)
async def turn_page(chat: Chat, canteen_id: int, page: int) -> None:
    """Show another part of the board in its place."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    await _show_board(chat, await Canteen.get(id=canteen_id), page, fresh=False)


async def _show_board(chat: Chat, canteen: Canteen, page: int, *, fresh: bool) -> None:
    cases = await Case.open_of([canteen.id])
    pages = max(-(-len(cases) // SHOWN), 1)
    page = min(max(page, 0), pages - 1)
    shown = cases[page * SHOWN : (page + 1) * SHOWN]
    turn = [press(_("Earlier"), "cases_page", canteen.id, page - 1)] if page else []
    if page + 1 < pages:
        turn.append(press(_("More"), "cases_page", canteen.id, page + 1))
    chat.say(
        lines(
            bold(_("Open at {canteen}", canteen=canteen.name))
            if cases
            else _("No worry is open. We know of everybody who did not answer how they are."),
            *(_line(case, canteen, chat.now) for case in shown),
            _("Page {page} of {pages}", page=page + 1, pages=pages) if pages > 1 else None,
            *(await _months(canteen, chat.now) if not page else []),
        ),
        buttons=[
            *(press(_("Show {name}", name=case.senior.display), "case", case.id) for case in shown),
            *([turn] if turn else []),
        ],
        zone=canteen.zone,
        card=f"cases {canteen.id}",
        fresh=fresh,
        reveals=f"open cases of canteen {canteen.id}" if cases else None,
    )


def _line(case: Case, canteen: Canteen, now: datetime) -> Text:
    age = _age(case.began_at or case.opened_at, canteen, now)
    what = headline(case, case.senior)
    who = case.owner.name or "–" if case.owner else None
    if case.red and who:
        return _("🔴 {what}, {age}: {who} looks after it.", what=what, age=age, who=who)
    if case.red:
        return _("🔴 {what}, {age}: nobody looks after it yet.", what=what, age=age)
    if who:
        return _("🟠 {what}, {age}: {who} looks after it.", what=what, age=age, who=who)
    return _("🟠 {what}, {age}: nobody looks after it yet.", what=what, age=age)


def _age(began: datetime, canteen: Canteen, now: datetime) -> Text:
    """Say for how long a worry has been open, and since when: the words stay on a phone for hours."""
    local = began.astimezone(ZoneInfo(canteen.zone))
    days = (canteen.today(now) - local.date()).days
    if days == 0:
        waited = timedelta(minutes=max(now - began, timedelta(0)) // timedelta(minutes=1))
        return _("for {time}, since {clock}", time=waited, clock=local.time())
    if days == 1:
        return _("since yesterday, {clock}", clock=local.time())
    return _n("for {n} day, since {day}", "for {n} days, since {day}", days, day=local.date())


async def _months(canteen: Canteen, now: datetime) -> list[Text]:
    """Say this month and the one before, so that there is something to read on its first days."""
    this = canteen.today(now).replace(day=1)
    before = this - timedelta(days=1)
    return [words for month in (this, before) for words in month_words(await Figures.of(canteen, month))]


@button("case", for_=COORDINATOR)
async def show_case(chat: Chat, case_id: int) -> None:
    """Show one case's card at the bottom of the chat."""
    case = await Case.coordinated(case_id, chat.person)
    await tell_coordinators(chat, case, fresh=True, to=[chat.person])
