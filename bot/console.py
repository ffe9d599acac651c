"""What the command line does to an installation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.app import App
from bot.channels.webchat import WebChat
from bot.database import transaction
from bot.database.migrations import migrate_at_start
from bot.i18n import LANGUAGES
from bot.settings import Settings, SettingsWrong
from models.canteens import Canteen
from models.fields import new_secret
from models.invitations import Invitation, Purpose
from models.people import Role

ROLES: Final = (Role.VOLUNTEER, Role.FAMILY, Role.KITCHEN, Role.COORDINATOR)


class Failed(Exception):
    """The command could not do it; the sentence says what to do."""


def check_zone_and_language(zone: str, language: str) -> None:
    """Raise SettingsWrong for a zone or a language that does not exist."""
    if zone not in available_timezones():
        raise SettingsWrong(
            f"--timezone {zone!r} is not a zone: write it like Asia/Shanghai or Europe/Madrid"
        )
    ZoneInfo(zone)
    if language not in LANGUAGES:
        raise SettingsWrong(f"--language {language!r} is not one of {', '.join(LANGUAGES)}")


def ensure_key(file: Path, settings: Settings) -> bool:
    """Write a new SECRET_KEY into the file, for its owner alone, unless there is a key; tell if it did."""
    if settings.secret_key:
        return False
    before = file.read_text("utf-8") if file.exists() else ""
    kept = "".join(f"{line}\n" for line in before.splitlines() if not line.startswith("SECRET_KEY="))
    # Written beside and moved into place: a crash in between leaves the old file whole.
    new = file.with_name(f"{file.name}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{kept}SECRET_KEY={new_secret()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
    return True


async def open_canteen(settings: Settings, name: str, zone: str, language: str) -> tuple[str, list[str]]:
    """Open a canteen; return its first coordinator's code and links. Raises Failed for a known name."""
    app = App(settings)
    now = app.clock.now()
    async with app.database(), transaction():
        if await Canteen.filter(name=name).exists():
            raise Failed(f"there is a canteen {name!r} already; for another coordinator run canteen invite")
        canteen = await Canteen.open(name=name, zone=zone, language=language, now=now)
        code = await Invitation.make(Purpose.JOIN, role=Role.COORDINATOR, canteen_id=canteen.id, now=now)
    return code, _links(settings, code)


async def invite(settings: Settings, canteen: str, role: str) -> tuple[str, list[str]]:
    """Make a one-time code for a role. Raises Failed for an unknown canteen, SettingsWrong for a role."""
    if role not in ROLES:
        raise SettingsWrong(f"--role {role!r} is not one of {', '.join(ROLES)}")
    app = App(settings)
    async with app.database(), transaction():
        found = await Canteen.get_or_none(name=canteen)
        if found is None:
            names = ", ".join(await Canteen.all().order_by("name").values_list("name", flat=True))  # type: ignore[arg-type]  # names are text
            raise Failed(
                f"there is no canteen {canteen!r}; there is: {names or 'none yet, run canteen init'}"
            )
        code = await Invitation.make(Purpose.JOIN, role=Role(role), canteen_id=found.id, now=app.clock.now())
    return code, _links(settings, code)


async def migrate(settings: Settings) -> list[str]:
    """Apply what is pending; return the names."""
    return await migrate_at_start(settings.database_url)


def _links(settings: Settings, code: str) -> list[str]:
    return [WebChat(settings.base_url, App(settings).clock.now).link(code)]
