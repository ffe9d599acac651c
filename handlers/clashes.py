"""Tell the kitchen in time: what is on the menu of the days to come and does not go for whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers.chat import Mail, Priority
from handlers.menuwords import check_lines
from handlers.text import Text, _, bold, lines
from models.canteens import Canteen
from models.clashes import NO_CHECK, Check
from models.deskrules import who_serves
from models.menuchecks import checks, days_ahead
from models.seniors import Senior


async def tell_of_dish(mail: Mail, canteen: Canteen, name: str, dish_id: int) -> None:
    """Tell for whom a dish does not go on the days to come, after what is in it has changed."""
    found = await checks(canteen, await days_ahead(canteen, mail.now, dish_id))
    await tell_the_kitchen(mail, canteen, {day: each.of_dishes([name]) for day, each in found.items()})


async def tell_of_senior(mail: Mail, canteen: Canteen, senior: Senior, since: date | None = None) -> None:
    """Tell what does not go for one senior on the days to come, after their diet has changed or they came."""
    days = [day for day in await days_ahead(canteen, mail.now) if since is None or day >= since]
    await tell_the_kitchen(mail, canteen, await checks(canteen, days, senior))


async def tell_the_kitchen(
    mail: Mail, canteen: Canteen, found: Mapping[date, Check], head: Text | None = None
) -> int:
    """Tell coordinators and cooks what does not go; tell of how many days there was something to say.

    It goes out at once, also at night, where the lunch is today or tomorrow.
    """
    news = {day: each for day, each in found.items() if each != NO_CHECK}
    people = await who_serves(canteen.id) if news else []
    for day, each in news.items():
        soon = (day - canteen.today(mail.now)).days <= 1
        for person in people:
            mail.say(
                lines(head, bold(_("Lunch on {day}", day=day)), *check_lines(each)),
                to=person,
                zone=canteen.zone,
                priority=Priority.URGENT if soon and each.groups else Priority.REPLY,
            )
    return len(news)
