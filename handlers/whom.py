"""Which senior is meant: one whom the person follows, or for a coordinator anyone of the canteen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from handlers.answers import plain, words
from handlers.chat import Chat, Choice, Unclear
from handlers.places import which_canteen
from handlers.seniornames import called_so, label, labels
from handlers.text import Text, _
from models.orders import may_order
from models.people import Membership, Person, Role
from models.refusals import NobodyFollowed
from models.seniors import Kinship, Senior, Status


async def which_senior(chat: Chat, question: Text) -> Senior:
    """Find the senior whose orders this is about; asks when there are several.

    Raises NobodyFollowed, and NotByMessage for a relative who may not know how lunch stands.
    """
    senior = await _meant(chat, question)
    await may_order(senior, chat.person)
    return senior


async def _meant(chat: Chat, question: Text) -> Senior:
    followed = [senior for senior in await Senior.followed_by(chat.person) if senior.status is Status.ACTIVE]
    if Role.COORDINATOR in chat.roles:
        return await _anyone(chat, question, followed)
    if not followed:
        raise NobodyFollowed
    if len(followed) == 1:
        return followed[0]
    by_id = {str(senior.id): senior for senior in followed}
    names = await labels(followed)
    choices = [Choice(value, names[senior.id]) for value, senior in by_id.items()]
    return by_id[await chat.ask("senior", question, choices=choices)]


async def _anyone(chat: Chat, question: Text, followed: Sequence[Senior]) -> Senior:
    """Find any senior of a coordinator's canteen, by what came after the command or by asking."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    there = await Senior.filter(canteen_id=canteen.id, status=Status.ACTIVE).order_by("id")
    read = by_name_or_id([*there, *followed])
    if chat.args:
        try:
            return read(chat.args)
        except Unclear as unclear:
            question = unclear.text
    names = await labels(followed)
    choices = [Choice(senior.short_id, names[senior.id]) for senior in followed]
    return await chat.ask("senior", question, read, choices=choices)


def by_name_or_id(seniors: Iterable[Senior]) -> Callable[[str], Senior]:
    """Make a reader for a senior's short id or name, whole or in part."""
    known = {senior.id: senior for senior in seniors}.values()

    def read(text: str) -> Senior:
        said = plain(words(text))
        numbered = [one for one in known if said == plain(one.short_id)]
        found = numbered or called_so(said, known)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unclear(
                _(
                    "Do you mean {seniors}? Please write the number, such as A17.",
                    seniors=tuple(label(one) for one in found[:10]),
                )
            )
        raise Unclear(_("I can't find that senior. Please write the number, such as A17, or the name."))

    return read


async def is_theirs(person: Person, senior: Senior) -> bool:
    """Tell whether a person may know of a senior's lunch: a relative who follows, or a coordinator."""
    return (
        await Membership.holds(person.id, senior.canteen_id, Role.COORDINATOR)
        or await Kinship.filter(person_id=person.id, senior_id=senior.id, linked=True, ended_at=None).exists()
    )
