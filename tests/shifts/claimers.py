"""A process of its own in which many volunteers want the same place at once: `URL SHIFT PERSON…`."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from bot.database import connect, disconnect, transaction
from models.fields import use_keys
from models.people import Person
from models.shiftrefusals import ShiftFull
from models.shifts import Shift
from tests.fixtures_database import KEYS


async def wants(shift_id: int, person: Person, now: datetime) -> bool:
    """Claim in a transaction of its own; False when the place is gone."""
    try:
        async with transaction():
            await Shift.claim(shift_id, person, now)
    except ShiftFull:
        return False
    return True


async def main(url: str, shift_id: int, now: datetime, people: list[int]) -> None:
    await connect(url)
    wanting = await Person.filter(id__in=people)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    got = await asyncio.gather(*(wants(shift_id, person, now) for person in wanting))
    print(sum(got), flush=True)
    await disconnect()


if __name__ == "__main__":
    use_keys(KEYS)
    url, shift, moment, *numbers = sys.argv[1:]
    asyncio.run(main(url, int(shift), datetime.fromisoformat(moment), [int(number) for number in numbers]))
