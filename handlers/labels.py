"""Labels for meal boxes: where the first one goes on a sheet that is half used, and what stands on each."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from handlers import answers
from handlers.chat import COORDINATOR, Chat, Choice, Sheet, button, paper
from handlers.daylists import MODES
from handlers.daysheets import title_of
from handlers.diets import door_label, never_labels, plain_food
from handlers.printing import say_nobody
from handlers.text import Text, _, verbatim
from models.calendar import ServiceDay
from models.canteens import Canteen
from models.labels import Label, labels
from models.labelsheets import LAYOUTS
from models.people import Role
from models.refusals import NoLunchThatDay
from models.seniors import Mode


@button("labels", for_=COORDINATOR)
async def bring_labels(chat: Chat, canteen_id: int, day: date) -> None:
    """Ask where on the sheet to begin, and bring the labels."""
    await chat.person.must_be(Role.COORDINATOR, canteen_id)
    if await ServiceDay.of(canteen_id, day) is None:
        raise NoLunchThatDay(day)
    canteen = await Canteen.get(id=canteen_id)
    count = LAYOUTS[canteen.labels].count
    first = await chat.ask(
        "first",
        _(
            "At which label of the sheet shall I begin? It has {n}; count from the top left, row by row.",
            n=count,
        ),
        answers.number(1, count),
        choices=[Choice("1", _("A new sheet"))],
    )
    made = await labels(canteen_id, day)
    if not made:
        await say_nobody(chat, canteen_id, day)
        return
    chat.say(
        _(
            "The labels for {day}. First those with an allergy, then those with a diet, then all others"
            " by route and stop. Please print at 100 %, not “fit to page”.",
            day=day,
        ),
        zone=canteen.zone,
        paper=("labels", canteen_id, day, first),
        reveals=f"names and diets of canteen {canteen_id} on {day}",
    )


@paper("labels")
async def label_paper(canteen_id: int, day: date, first: int) -> Sheet:
    """Show one label for each meal, from label `first` of the sheet on."""
    canteen = await Canteen.get(id=canteen_id)
    layout = LAYOUTS[canteen.labels]
    return Sheet(
        title=title_of(canteen, day),
        template="labels",
        file=f"labels-{day}",
        zone=canteen.zone,
        data={
            "sheet": asdict(layout),
            "first": first - 1,
            "labels": [_label(label) for label in await labels(canteen_id, day)],
        },
    )


def _label(label: Label) -> object:
    """Say what stands on one label. foot: small words at its end, today's dishes or a line to write on."""
    diet = label.line.diet
    eats = _("no diet on record") if diet is None else None if plain_food(diet) else door_label(diet)
    if label.guest:
        diet, eats = None, _("for a guest")
    return {
        "short_id": label.line.short_id,
        "where": _where(label),
        "name": label.senior.display,
        "eats": [eats] if eats else [],
        "never": [] if diet is None else never_labels(diet),
        "foot": [
            _("{day}", day=label.day),
            *(["__________"] if label.dishes is None else map(verbatim, label.dishes)),
        ],
    }


def _where(label: Label) -> Text:
    if label.mode is not Mode.DELIVERY:
        return MODES[label.mode]
    if label.route is None or label.number is None:
        return _("No route yet")
    return _("{route} · {number}", route=label.route, number=label.number)
