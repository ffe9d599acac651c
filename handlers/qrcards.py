"""Cards with a code for guests: a sheet to cut, and a new card for who lost theirs."""

from __future__ import annotations

from handlers.chat import COORDINATOR, Chat, Sheet, button, paper, press
from handlers.qrcodes import drawn
from handlers.seniornames import label
from handlers.text import Text, _, _n, lines
from handlers.whom import by_name_or_id
from models.canteens import Canteen
from models.people import Role
from models.qrcards import SeniorCard
from models.seniors import Senior, Status


@button("qrcards", for_=COORDINATOR)
async def cards(chat: Chat, canteen_id: int) -> None:
    """Bring the cards of everybody who comes to the canteen, on sheets to cut."""
    n = await SeniorCard.issue_missing(canteen_id, chat.person, chat.now)
    if not n:
        chat.say(_("Nobody eats at the canteen or picks up lunch yet, so there is no card to print."))
        return
    chat.say(
        lines(
            _n("{n} card to print and cut.", "{n} cards to print and cut.", n),
            _("A card shows only a number and a code, no name. If one is lost, give a new one."),
        ),
        buttons=[press(_("A card was lost"), "qrcard_lost", canteen_id)],
        paper=("qrcards", canteen_id, 0),
    )


@button("qrcard_lost", for_=COORDINATOR)
async def lost(chat: Chat, canteen_id: int) -> None:
    """Give a senior a new card; the lost one opens nothing any more."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    there = await Senior.filter(canteen_id=canteen_id, status=Status.ACTIVE).order_by("id")
    question = _("Whose card was lost? Please write the number, such as A17, or the name.")
    senior = await chat.ask("senior", question, by_name_or_id(there))
    await SeniorCard.reissue(senior.id, chat.person, chat.now)
    chat.say(
        _("Here is the new card of {who}. The old one does not work any more.", who=label(senior)),
        paper=("qrcards", canteen_id, senior.id),
    )


@paper("qrcards")
async def card_paper(canteen_id: int, senior_id: int) -> Sheet:
    """Show the cards of everybody (senior 0), or of one: a number in large type and a code."""
    canteen = await Canteen.get(id=canteen_id)
    found = await SeniorCard.to_print(canteen_id, senior_id)
    return Sheet(
        title=_("{canteen}", canteen=canteen.name),
        template="qrcards",
        file="cards",
        zone=canteen.zone,
        data={
            "canteen": canteen.name,
            "help": _hint(),
            "cards": [{"short_id": card.senior.short_id, "code": drawn(card.code)} for card in found],
        },
    )


def _hint() -> Text:
    return _("Please show this card when you come to lunch.")
