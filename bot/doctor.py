"""Look an installation over and say what to do."""

from __future__ import annotations

import socket
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import aiohttp
from cryptography.exceptions import InvalidTag
from tortoise.connection import get_connection

from bot.database import connect, disconnect
from bot.database.config import dialect
from bot.database.migrations import pending
from bot.settings import Settings, SettingsWrong
from models.fields import use_keys
from models.people import Person

CLOCK_OFF_AT_MOST: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    good: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FIX '} {self.subject}: {self.says}"


async def examine(settings: Settings) -> list[Finding]:
    """Check settings, key, database, channels, port and clock."""
    findings = [Finding("settings", good=True, says="readable"), _key_file(Path(".env"))]
    try:
        use_keys(settings.keyring())
    except SettingsWrong as error:
        return [*findings, Finding("key", good=False, says=str(error))]
    findings += await _database(settings)
    findings.append(_port(settings))
    findings += (
        await _telegram(settings)
        if settings.telegram_token
        else [Finding("telegram", good=True, says="no TELEGRAM_TOKEN: only the web chat will run")]
    )
    return findings


def _key_file(file: Path) -> Finding:
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("key file", good=False, says=f"others can read {file}: run chmod 600 {file}")
    return Finding(
        "key file",
        good=True,
        says="private" if file.exists() else "no .env; settings come from the environment",
    )


async def _database(settings: Settings) -> list[Finding]:
    try:
        waiting = await pending(settings.database_url)
        await connect(settings.database_url)
    except Exception as error:  # noqa: BLE001 -- whatever a driver raises is the finding
        return [
            Finding(
                "database", good=False, says=f"can't connect ({type(error).__name__}): check DATABASE_URL"
            )
        ]
    try:
        findings = [Finding("database", good=True, says=dialect())]
        if waiting:
            says = f"{len(waiting)} migrations wait: `canteen run` or `canteen migrate` applies them"
            return [*findings, Finding("migrations", good=True, says=says)]
        return [*findings, await _key_opens(), await _clock()]
    finally:
        await disconnect()


async def _key_opens() -> Finding:
    try:
        known = await Person.exclude(name=None).order_by("id").first()
    except InvalidTag:
        return Finding(
            "key",
            good=False,
            says="SECRET_KEY does not open this database: put back the key it was made with",
        )
    return Finding(
        "key", good=True, says="opens the database" if known else "set; nothing is sealed with it yet"
    )


async def _clock() -> Finding:
    rows = await get_connection("default").execute_query_dict("SELECT CURRENT_TIMESTAMP AS now")
    told = rows[0]["now"]
    theirs = datetime.fromisoformat(told).replace(tzinfo=UTC) if isinstance(told, str) else told
    off = abs(theirs - datetime.now(UTC))
    if off > CLOCK_OFF_AT_MOST:
        return Finding(
            "clock",
            good=False,
            says=f"differs from the database's by {off.total_seconds():.0f} s: set it by NTP",
        )
    return Finding("clock", good=True, says="agrees with the database")


def _port(settings: Settings) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            says = f"{settings.host}:{settings.port} is in use: if that is not `canteen run` itself, set PORT"
            return Finding("port", good=False, says=says)
    return Finding("port", good=True, says=f"{settings.host}:{settings.port} is free")


async def _telegram(settings: Settings) -> list[Finding]:
    url = f"{(settings.telegram_api_url or 'https://api.telegram.org').rstrip('/')}/bot{settings.telegram_token}/getMe"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.get(url) as answer,
        ):
            said = await answer.json()
            date = answer.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return [
            Finding("telegram", good=False, says="can't be reached: check the network, or TELEGRAM_API_URL")
        ]
    if not said.get("ok"):
        return [Finding("telegram", good=False, says="refuses TELEGRAM_TOKEN: copy it anew from @BotFather")]
    findings = [Finding("telegram", good=True, says=f"this is @{said['result'].get('username')}")]
    if date and abs(parsedate_to_datetime(date) - datetime.now(UTC)) > CLOCK_OFF_AT_MOST:
        findings.append(Finding("clock", good=False, says="differs from Telegram's: set it by NTP"))
    return findings
