"""A question of the coordinator to a family, and the family's answer."""

from __future__ import annotations

from handlers import answers
from handlers.chat import COORDINATOR, Chat, button, press
from handlers.text import _, lines, verbatim
from models.canteens import Canteen
from models.seniors import Kinship, Senior


@button("senior_ask", for_=COORDINATOR)
async def ask_family(chat: Chat, senior_id: int) -> None:
    """Send the family a question; the answer comes back to the one who asked."""
    senior = await Senior.coordinated(senior_id, chat.person)
    family = [kin.person for kin in await Kinship.of(senior) if kin.linked]
    if not family:
        numbers = [kin.person.phone for kin in await Kinship.of(senior) if kin.person.phone]
        chat.say(
            _(
                "Nobody of the family of {name} is here by chat. Please call {phone}.",
                name=senior.display,
                phone=numbers[0],
            )
            if numbers
            else _("Nobody of the family of {name} is here by chat.", name=senior.display),
            reveals=f"phone of the family of senior {senior_id}",
        )
        return
    question = await chat.ask(
        "question",
        _(
            "What would you like to ask the family of {name}? Please write it as they shall read it.",
            name=senior.display,
        ),
        answers.long_words,
    )
    canteen = await Canteen.get(id=senior.canteen_id)
    chat.say(_("I have asked the family of {name}. Their answer comes to you here.", name=senior.display))
    for person in family:
        chat.say(
            lines(
                _(
                    "{who} of {canteen} has a question about {name}:",
                    who=chat.person.name or _("The coordinator"),
                    canteen=canteen.name,
                    name=senior.display,
                ),
                verbatim(question),
            ),
            to=person,
            zone=canteen.zone,
            buttons=[press(_("Answer"), "kin_answer", senior_id, chat.person.id)],
        )


@button("kin_answer")
async def answer(chat: Chat, senior_id: int, person_id: int) -> None:
    """Bring the family's answer back to the coordinator who asked."""
    await Kinship.between(senior_id, chat.person)
    senior = await Senior.get(id=senior_id)
    said = await chat.ask(
        "answer", _("What may I answer about {name}?", name=senior.display), answers.long_words
    )
    canteen = await Canteen.get(id=senior.canteen_id)
    coordinators = await canteen.coordinators()
    asked = [one for one in coordinators if one.id == person_id] or coordinators
    chat.say(_("Thank you, I have passed it on."))
    for coordinator in asked:
        chat.say(
            lines(
                _(
                    "{who} answers about {name}:",
                    who=chat.person.name or _("The family"),
                    name=senior.display,
                ),
                verbatim(said),
            ),
            to=coordinator,
            zone=canteen.zone,
            buttons=[
                press(_("Show the card"), "senior", senior_id),
                press(_("Ask once more"), "senior_ask", senior_id),
            ],
        )
