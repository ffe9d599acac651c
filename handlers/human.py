"""A person to talk to: behind "0" in every state, and below every message to a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.chat import Chat, button, footer, human
from handlers.text import Text, _, lines
from models.canteens import Canteen
from models.people import Person, Role


@human
@button("human")
async def talk_to_a_person(chat: Chat) -> None:
    """Say whom to call."""
    chat.say(await whom_to_call(chat.person))


async def whom_to_call(person: Person) -> Text:
    """Name the human of each canteen that a person has to do with; of all of them to a stranger."""
    known = [canteen for canteen in await _around(person) if canteen.human_phone]
    if not known:
        return _("Nobody has left a phone number here yet. Please go to the canteen, or try again later.")
    return lines(
        *(
            _("At {canteen}, {name} is there for you: {phone}", canteen=canteen.name, name=name, phone=phone)
            for canteen in known
            for name, phone in [canteen.human]
        ),
        *(
            _("If somebody is in danger, call {number} first.", number=number)
            for number in dict.fromkeys(canteen.emergency_number for canteen in known)
        ),
    )


async def _around(person: Person) -> list[Canteen]:
    mine = {canteen.id: canteen for role in Role for canteen in await person.canteens(role)}
    if not mine and person.canteen_id is not None:
        mine = {canteen.id: canteen for canteen in await Canteen.filter(id=person.canteen_id)}
    return list(mine.values()) or await Canteen.all().order_by("id")


@footer
async def below_every_message(people: Sequence[Person]) -> Mapping[int, Text]:
    """Tell families whom to call."""
    caring = await Canteen.caring_for(person.id for person in people)
    return {person_id: lines(*said) for person_id, canteens in caring.items() if (said := _humans(canteens))}


def _humans(canteens: Sequence[Canteen]) -> list[Text]:
    humans = dict.fromkeys(canteen.human for canteen in canteens)
    return [
        _("A person to talk to: {name}, {phone}", name=name, phone=phone) for name, phone in humans if phone
    ]
