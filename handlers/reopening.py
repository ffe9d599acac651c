"""Opening again after a closure, and news while it lasts."""

from __future__ import annotations

from handlers import answers, callcard, today
from handlers.chat import COORDINATOR, Chat, Choice, button, command, explains, press
from handlers.closing import ask_news
from handlers.closurewords import days, what_kind
from handlers.places import which_canteen
from handlers.text import NOTHING, Text, _, _n, bold, lines, verbatim
from models.canteens import Canteen
from models.closurenews import ClosureNews
from models.closures import Closure
from models.people import Role
from models.refusals import Gone, NothingClosed
from models.reopening import Endable, may_end, say_news, still_closed


@command(
    "reopen",
    for_=COORDINATOR,
    help=_("Open again, as always"),
    phrases=_("open again|reopen|we are open again|back to normal"),
)
async def reopen(chat: Chat) -> None:
    """Ask from which day on everything is as always, show what comes back, and do it."""
    canteen = await which_canteen(chat, Role.COORDINATOR)
    found = {str(each.id): each for each in await still_closed(canteen.id, chat.now)}
    if not found:
        raise NothingClosed
    which = next(iter(found))
    if len(found) > 1:
        which = await chat.ask(
            "from",
            _("From which day on is everything as always again?"),
            choices=[
                Choice(number, _("{day} ({what})", day=each.day, what=what_kind(each.kind)))
                for number, each in found.items()
            ],
            label=_("First day"),
        )
    possible = await may_end(int(which), chat.person, chat.now)
    await chat.confirm("sure", _summary(possible), yes=_("Yes, open again and tell them"))
    ended = await Closure.end(int(which), chat.person, chat.now)
    chat.say(
        _("Done. Everybody who was told of it is being told now, and volunteers are asked if they can come.")
    )
    if ended.calls is not None:
        await callcard.show(chat, canteen.id, fresh=True)
    for day in {closure.day for closure in ended.closures} & {canteen.today(chat.now)}:
        await today.refresh(chat, canteen.id, day)


def _summary(possible: Endable) -> Text:
    return lines(
        bold(
            _(
                "At {canteen} everything will be as always again: {days}.",
                canteen=possible.canteen.name,
                days=days([closure.day for closure in possible.closures]),
            )
        ),
        NOTHING,
        _n("{n} lunch is as ordered again.", "{n} lunches are as ordered again.", possible.lunches),
        _n("{n} round is offered anew.", "{n} rounds are offered anew.", possible.rounds)
        if possible.rounds
        else None,
        _n(
            "{n} shift in the kitchen, at the desk or with a car is offered anew.",
            "{n} shifts in the kitchen, at the desk or with a car are offered anew.",
            possible.works,
        )
        if possible.works
        else None,
        _n("{n} person is told.", "{n} people are told.", possible.told),
    )


@button("closure_news", for_=COORDINATOR)
async def tell_news(chat: Chat, news_id: int) -> None:
    """Ask how it stands and when there is more news, and tell everybody who was told of the closure."""
    news = await ClosureNews.get_or_none(id=news_id)
    if news is None:
        raise Gone
    await chat.person.must_be(Role.COORDINATOR, news.canteen_id)
    canteen = await Canteen.get(id=news.canteen_id)
    words = await chat.ask(
        "words",
        _("How does it stand? Write it just as they should read it."),
        answers.long_words,
        label=_("The words"),
    )
    news_at = await ask_news(chat, canteen, news.ends)
    await chat.confirm(
        "send",
        lines(
            _("This is how they will see it:"),
            NOTHING,
            verbatim(words),
            _("Next news by {when}.", when=news_at) if news_at is not None else None,
        ),
        yes=_("Send"),
    )
    await say_news(news_id, words, news_at, chat.person, chat.now)
    chat.say(
        _("Done. Everybody who was told of the closure is being told."),
        buttons=[press(_("Open again"), "/reopen")],
    )


@explains(NothingClosed)
def nothing_closed(_refusal: NothingClosed) -> Text:
    return _("Nothing is closed that could still be opened. To close, write /close")
