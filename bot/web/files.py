"""The styles, scripts and pictures of pages, under a path that names their version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FOR_EVER: Final = "public, max-age=31536000, immutable"


class Files:
    """Serves what lies in some folders; the version changes with any of the files.

    headers: of every answer; only "Cache-Control" is another one where a file may be kept.
    """

    def __init__(self, *folders: Path, headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._files = {
            path.name: path.read_bytes()
            for folder in folders
            for path in sorted(folder.iterdir())
            if path.suffix in TYPES
        }
        self.version = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:12]

    async def file(self, request: web.Request) -> web.Response:
        """Give a file; the version in its path makes it safe to keep for ever."""
        current = request.match_info["version"] == self.version
        return self.give(request.match_info["name"], kept=FOR_EVER if current else None)

    def give(self, name: str, kept: str | None) -> web.Response:
        """Give a file by its name. Raises 404."""
        if name not in self._files:
            raise web.HTTPNotFound
        return web.Response(
            body=self._files[name],
            content_type=TYPES[Path(name).suffix],
            charset="utf-8",
            headers={**self._headers, "Cache-Control": kept} if kept else self._headers,
        )
