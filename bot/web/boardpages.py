"""Templates of pages in the reader's language, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader

from bot.i18n import render
from bot.papers import said_in
from bot.web.files import Files
from bot.web.guarding import SAFE
from handlers.text import Text

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "handlers" / "pages"
OURS: Final = Path(__file__).resolve().parent / "static" / "board"
FILES: Final = Files(OURS, TEMPLATES, headers=SAFE)


def set_up(site: web.Application) -> None:
    """Let a site show templates; whatever is put into one stays text."""
    aiohttp_jinja2.setup(site, loader=FileSystemLoader(TEMPLATES), autoescape=True)


def shown(
    request: web.Request,
    template: str,
    data: Mapping[str, object],
    language: str,
    zone: str,
    status: int = 200,
) -> web.Response:
    """Show a whole page."""
    text = part(request, template, data, language, zone)
    return web.Response(text=text, status=status, content_type="text/html")


def part(request: web.Request, template: str, data: Mapping[str, object], language: str, zone: str) -> str:
    """Set a template."""
    say: Callable[[Text], str] = lambda text: words(text, language, zone)  # noqa: E731 -- a name for two uses
    shown_data = {name: said_in(value, say) for name, value in data.items()}
    told: dict[str, Any] = {
        **shown_data,
        "_": lambda message, **blanks: say(Text(message, blanks)),
        "_n": lambda one, many, n, **blanks: say(Text(one, {**blanks, "n": n}, "plural", many)),
        "language": language.replace("_", "-"),
        "static": f"/board/static/{FILES.version}",
    }
    return aiohttp_jinja2.render_string(f"{template}.html", request, told)


def words(text: Text, language: str, zone: str) -> str:
    """Say a text to a reader."""
    return render(text, language=language, zone=zone, links=lambda _code: []).text
