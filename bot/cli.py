"""The `canteen` command. Exit codes: 0 done, 1 failed, 2 wrong usage or settings."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from asyncpg import PostgresError
from tortoise.exceptions import DBConnectionError

from bot import console, logs
from bot import doctor as checks
from bot.channels import LockedOut
from bot.settings import Settings, SettingsWrong, load

cli = typer.Typer(
    add_completion=False, no_args_is_help=True, help="A chat bot for community canteens of the elderly."
)

Canteen = Annotated[str, typer.Option("--canteen", help="Name of the canteen.")]


@cli.command()
def run() -> None:
    """Serve people: channels, scheduler and web pages, until stopped."""
    settings = _settings()
    settings.keyring()
    from bot.app import App

    _finish(_serve(App(settings)))


@cli.command()
def demo(
    language: Annotated[str, typer.Option(help="en, zh_Hans, zh_Hant or es; else the browser's.")] = "",
) -> None:
    """Show a sample canteen on three phones in the browser, with a clock that can be moved."""
    from bot.demo import serve

    _finish(serve(load_port(), language or None))


@cli.command()
def init(
    canteen: Canteen,
    timezone: Annotated[str, typer.Option(help="Its zone, e.g. Asia/Shanghai.")],
    language: Annotated[str, typer.Option(help="en, zh_Hans, zh_Hant or es.")] = "en",
) -> None:
    """Open a canteen and print the one-time code of its first coordinator."""
    console.check_zone_and_language(timezone, language)
    made = console.ensure_key(Path(".env"), _settings())
    if made:
        typer.echo(
            "A new SECRET_KEY is in .env. Keep a copy apart from your backups: without it they can't be read."
        )
    code, links = _finish(console.open_canteen(_settings(), canteen, timezone, language))
    typer.echo(f"{canteen} is open. Its coordinator writes to the bot:\n\n    /start {code}\n")
    for link in links:
        typer.echo(f"or opens {link}")


@cli.command()
def invite(
    canteen: Canteen,
    role: Annotated[str, typer.Option(help="volunteer, family, kitchen or coordinator.")],
) -> None:
    """Print a one-time code or link for one person, good for fourteen days."""
    code, links = _finish(console.invite(_settings(), canteen, role))
    typer.echo(f"/start {code}")
    for link in links:
        typer.echo(link)


@cli.command()
def migrate() -> None:
    """Bring the database up to this release; on SQLite a backup is made first."""
    applied = _finish(console.migrate(_settings()))
    typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to apply")


@cli.command()
def doctor() -> None:
    """Check settings, key, database, channels and clock, and say what to do."""
    findings = _finish(checks.examine(_settings()))
    for finding in findings:
        typer.echo(str(finding))
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _settings() -> Settings:
    settings = load()
    logs.set_up(settings.log_level)
    return settings


def load_port() -> int:
    """Read the port alone: a demo wants none of the other settings."""
    return load().port


async def _serve(app: Any) -> None:
    from bot.app import collect_rarely

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, app.stopped.set)
    async with app.running():
        collect_rarely()
        await app.stopped.wait()
    if app.failure is not None:
        raise app.failure


def _finish(work: Coroutine[Any, Any, Any]) -> Any:
    # Whoever began us looks for no garbage while the modules load.
    gc.enable()
    try:
        from uvloop import new_event_loop
    except ImportError:  # no wheel for this platform: asyncio's own loop serves as well
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


def main() -> None:
    """Run the command line; every failure ends in one line that says what to do."""
    try:
        cli()
    except SettingsWrong as error:
        _fail(2, str(error))
    except (console.Failed, LockedOut) as error:
        _fail(1, str(error))
    except (DBConnectionError, PostgresError, ConnectionError) as error:
        _fail(
            1, f"the database can't be reached ({type(error).__name__}): check DATABASE_URL, canteen doctor"
        )
    except OSError as error:
        _fail(
            1,
            f"{error.strerror or error}: {error.filename or 'is another program using this port? Set PORT'}",
        )


def _fail(code: int, why: str) -> None:
    for line in why.splitlines():
        typer.echo(f"canteen: {line}", err=True)
    raise SystemExit(code)
