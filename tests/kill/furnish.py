"""Open a canteen with a coordinator, volunteers, and shifts that they can take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.database import connect, disconnect, transaction
from models.canteens import Canteen
from models.people import Account, Membership, Person, Role
from models.seniors import Agreed, Mode, Senior
from models.shiftplan import open_ahead
from tests.telegram_server import User

FIRST_SENIOR = "Wang Zero"


async def furnish(database_url: str, coordinator: User, volunteers: Sequence[User] = ()) -> None:
    """Fill a migrated database; a senior whose lunch is brought home gives the shifts something to carry."""
    now = datetime.now(UTC)
    await connect(database_url)
    try:
        async with transaction():
            canteen = await Canteen.open(name="Ping'an Lane", zone=midday(now), language="en", now=now)
            chen = await _member(coordinator, canteen, Role.COORDINATOR, now)
            for volunteer in volunteers:
                await _member(volunteer, canteen, Role.VOLUNTEER, now)
            senior = await Senior.register(
                canteen_id=canteen.id, name=FIRST_SENIOR, called=None, born=1940, phone=None,
                address="1 Ping'an Lane", knock=None, plan=None, mode=Mode.DELIVERY, weekdays=127, labels=[],
                texture="regular", allergies=[], avoids=None, contact=None, alone=True, agreed=Agreed.YES,
                by=chen, now=now,
            )  # fmt: skip
            await Senior.accept(senior.id, chen, now)
            await open_ahead(now, 100)
    finally:
        await disconnect()


def midday(now: datetime) -> str:
    """Name a zone where it is midday now, so that nobody's night holds anything back."""
    # The sign of these zones is turned round: Etc/GMT+5 is five hours behind.
    return f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/GMT"


async def _member(user: User, canteen: Canteen, role: Role, now: datetime) -> Person:
    person = await Person.create(name=user.name, language="en", created_at=now)
    await Account.create(person_id=person.id, channel="telegram", address=str(user.id), heard_at=now)
    await Membership.grant(person, canteen.id, role, by=None, now=now)
    return person
