"""The command menu of a chat: a row like everything else that is said."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers.chat import REGISTRY, Mail, every
from handlers.text import pack
from models.messaging import OutboxMessage
from models.people import Account, Person

BATCH: Final = 100


@every(seconds=5)
async def refresh_menus(mail: Mail) -> bool:
    """Set the menus that somebody else's turn made untrue, such as a coordinator's yes."""
    stale = Account.filter(menu="", reachable=True).order_by("id").limit(BATCH)
    # An account that is being heard just now gets its menu with its answer.
    found = await stale.select_for_update(skip_locked=True)
    for account in found:
        await refresh_menu(account.id, mail.now)
    return len(found) == BATCH


async def refresh_menu(account_id: int, now: datetime) -> None:
    """Write a row that sets the chat's command menu, if the person's language or roles have changed."""
    account = await Account.get(id=account_id)
    if account.menu:
        return
    person = await Person.get(id=account.person_id)
    roles = await person.roles()
    commands = [command for command in REGISTRY.commands.values() if command.for_ & roles]
    await OutboxMessage.create(
        person_id=person.id,
        account_id=account.id,
        channel=account.channel,
        kind="menu",
        body={"commands": [[command.name, pack(command.help)] for command in commands]},
        next_at=now,
        created_at=now,
    )
    await Account.filter(id=account.id).update(menu=f"{person.language} {' '.join(sorted(roles))}")
