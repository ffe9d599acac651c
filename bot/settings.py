"""The environment as settings; every mistake is named at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.fields import Keyring


class SettingsWrong(Exception):
    """The settings can't work; each line says which and what to do."""


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


Optional = Annotated[str | None, BeforeValidator(_blank_is_none)]


class Settings(BaseSettings):
    """What an installation is told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    telegram_token: Optional = Field(
        None, description="the token that @BotFather gave; without it only the web chat"
    )
    telegram_api_url: Optional = Field(None, description="a Bot API server of your own")
    public_url: Optional = Field(
        None, description="https address of this server; set: webhook, unset: polling"
    )
    database_url: str = Field("sqlite://data/canteen.sqlite3", description="sqlite://… or postgres://…")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on")
    secret_key: Optional = Field(None, description="key of all personal data; `canteen init` makes one")
    log_level: str = Field(
        "INFO", pattern="(?i)^(debug|info|warning|error)$", description="how much is logged"
    )
    metrics_token: Optional = Field(None, description="lets others than this machine read /metrics")
    clock: Annotated[datetime | None, BeforeValidator(_blank_is_none)] = Field(
        None, description="rehearsal only: start the clock at this ISO instant"
    )
    clock_speed: float = Field(1.0, gt=0, le=100_000, description="rehearsal only: how fast the clock runs")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        wrong = []
        if self.public_url:
            parts = urlsplit(self.public_url)
            local = parts.hostname in ("127.0.0.1", "localhost", "::1")
            if parts.scheme != "https" and not (parts.scheme == "http" and local):
                wrong.append("PUBLIC_URL must start with https:// (http:// on this machine only)")
            if self.clock or self.clock_speed != 1.0:
                wrong.append("CLOCK and CLOCK_SPEED are for rehearsals: unset them, or unset PUBLIC_URL")
        if not self.database_url.startswith(("sqlite://", "postgres://", "postgresql://")):
            wrong.append("DATABASE_URL must start with sqlite:// or postgres://")
        if self.clock and self.clock.tzinfo is None:
            self.clock = self.clock.replace(tzinfo=UTC)
        if self.secret_key:
            try:
                Keyring.parse(self.secret_key)
            except ValueError as error:
                wrong.append(f"SECRET_KEY: {error}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def data(self) -> Path:
        """The folder of the database file and of what lies beside it."""
        return Path("data")

    @property
    def base_url(self) -> str:
        """The address under which people reach this server."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104 -- compared, not bound

    def keyring(self) -> Keyring:
        """Give the keys of the personal data. Raises SettingsWrong without one."""
        if not self.secret_key:
            raise SettingsWrong(
                "SECRET_KEY is not set: run `canteen init`, or put the key of your backup into .env"
            )
        return Keyring.parse(self.secret_key)


def load(**override: object) -> Settings:
    """Read the environment and `.env`. Raises SettingsWrong that names every mistake."""
    try:
        return Settings(**override)  # type: ignore[arg-type]  # pydantic validates the override like the rest
    except ValidationError as error:
        raise SettingsWrong("\n".join(_sentence(item) for item in error.errors())) from None


def _sentence(item: object) -> str:
    assert isinstance(item, dict)
    name = ".".join(str(part) for part in item["loc"]).upper()
    message = str(item["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
