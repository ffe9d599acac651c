"""Connect to the database that a URL names: SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext, get_current_context
from tortoise.transactions import in_transaction

from bot.database.failures import retryable
from models import MODULES

__all__ = [
    "PRODUCT",
    "Schema",
    "config",
    "connect",
    "dialect",
    "disconnect",
    "retryable",
    "sqlite_path",
    "transaction",
]

Dialect = Literal["sqlite", "postgres"]

SQLITE_SCHEME = "sqlite://"
POSTGRES_SCHEMES = ("postgres", "postgresql", "asyncpg")

# A turn may lose minutes of acknowledged messages in a power cut with less than FULL.
SQLITE_DEFAULTS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "busy_timeout": "10000",
    "cache_size": "-65536",
}
SQLITE_OPTIONS = {*SQLITE_DEFAULTS, "foreign_keys", "mmap_size", "temp_store"}

POSTGRES_DEFAULTS: dict[str, Any] = {
    "minsize": 1,
    "maxsize": 10,
    "command_timeout": 30.0,  # seconds
    "application_name": "canteen",
}
POSTGRES_NUMBERS = {"minsize": int, "maxsize": int, "command_timeout": float, "statement_cache_size": int}
POSTGRES_TEXTS = {"application_name", "schema", "ssl", "host"}
# Milliseconds: what waits for a row gives up as SQLite does, and a process that hangs inside a
# transaction loses its locks.
POSTGRES_SESSION = {"lock_timeout": "10000", "idle_in_transaction_session_timeout": "60000"}


class Schema(NamedTuple):
    """Which models there are, and where their migrations lie."""

    modules: Sequence[str]
    migrations: str


PRODUCT = Schema(MODULES, "models.migrations")


def config(database_url: str, schema: Schema = PRODUCT) -> dict[str, Any]:
    """Translate a URL into Tortoise's configuration; ValueError says what is wrong with the URL.

    `sqlite:///absolute/path`, `sqlite://relative/path` or `postgres://user:password@host:port/name`,
    each with options such as `?synchronous=NORMAL` or `?maxsize=20`.
    """
    path = sqlite_path(database_url)
    connection = _postgres(urlsplit(database_url)) if path is None else _sqlite(path, database_url)
    return {
        "connections": {"default": connection},
        "apps": {
            "models": {
                "models": list(schema.modules),
                "default_connection": "default",
                "migrations": schema.migrations,
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def sqlite_path(database_url: str) -> Path | None:
    """Return the file of an SQLite URL, None for any other URL."""
    if not database_url.startswith(SQLITE_SCHEME):
        return None
    name = unquote(database_url.removeprefix(SQLITE_SCHEME).partition("?")[0])
    if not name or name == ":memory:":
        raise ValueError("DATABASE_URL: SQLite needs a file, for example sqlite://data/canteen.sqlite3")
    return Path(name)


def _sqlite(path: Path, url: str) -> dict[str, Any]:
    pragmas = dict(SQLITE_DEFAULTS)
    for option, value in parse_qsl(url.partition("?")[2]):
        # SQLite itself passes over a pragma that it doesn't know.
        if option not in SQLITE_OPTIONS or not value.lstrip("-").isalnum():
            raise ValueError(f"DATABASE_URL: SQLite has no option {option}={value} here")
        pragmas[option] = value
    return {"engine": "bot.database.sqlite", "credentials": {"file_path": str(path), **pragmas}}


def _postgres(url: SplitResult) -> dict[str, Any]:
    if url.scheme not in POSTGRES_SCHEMES:
        raise ValueError("DATABASE_URL: expected sqlite://path or postgres://user:password@host/name")
    name = unquote(url.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL: the name of the database is missing after the last /")
    try:
        port = url.port or 5432
    except ValueError as error:
        raise ValueError("DATABASE_URL: the port is not a number") from error
    credentials: dict[str, Any] = {
        "host": url.hostname,
        "port": port,
        "user": unquote(url.username) if url.username else None,
        "password": unquote(url.password) if url.password else None,
        "database": name,
        "server_settings": dict(POSTGRES_SESSION),
        **POSTGRES_DEFAULTS,
    }
    for option, value in parse_qsl(url.query):
        if option in POSTGRES_NUMBERS:
            try:
                credentials[option] = POSTGRES_NUMBERS[option](value)
            except ValueError as error:
                raise ValueError(f"DATABASE_URL: {option} is not a number") from error
        elif option in POSTGRES_TEXTS:
            credentials[option] = value
        else:
            raise ValueError(f"DATABASE_URL: PostgreSQL has no option {option} here")
    return {"engine": "bot.database.asyncpg", "credentials": credentials}


_kept_for: tuple[bool, Schema] | None = None


async def connect(database_url: str, schema: Schema = PRODUCT) -> None:
    """Open the database for every task of this process, and look that it answers."""
    path = sqlite_path(database_url)
    if path is not None:
        create_private(path)
    # Tortoise keeps SQL by the connection's name only: that of another engine would be wrong here.
    global _kept_for
    if _kept_for != (path is None, schema):
        EXECUTOR_CACHE.clear()
    _kept_for = path is None, schema
    # Current only while it is set up: afterwards every task finds it as the process's own.
    with TortoiseContext() as context:
        try:
            await context.init(config=config(database_url, schema), _enable_global_fallback=True)
            await context.db().execute_query("SELECT 1")
        except BaseException:
            await context.close_connections()
            raise


async def disconnect() -> None:
    """Close the database of this process; nothing happens when none is open."""
    context = get_current_context()
    if context is not None:
        await context.close_connections()


def create_private(path: Path) -> None:
    """Create an empty file that only its owner may read, with its folders; an existing one is left alone.

    OSError says why it can't be written to, before a thread of the engine finds out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    path.open("r+b").close()


def transaction() -> TransactionContext:
    """Begin a transaction, or a savepoint inside one: `async with transaction(): …`."""
    return in_transaction("default")


def dialect() -> Dialect:
    """Return which engine the open connection speaks to."""
    return "postgres" if get_connection("default").capabilities.dialect == "postgres" else "sqlite"


def side_by_side() -> int:
    """Tell how many transactions of one process get on at once: SQLite has one writer."""
    return 1 if dialect() == "sqlite" else 2
