"""Codes to photograph, drawn for paper."""

from __future__ import annotations

import io

import segno


def drawn(words: str) -> str:
    """Draw a code, as SVG, that a crease or a stain does not spoil."""
    out = io.BytesIO()
    segno.make(words, error="h", micro=False).save(out, kind="svg", xmldecl=False, border=4, scale=4)
    return out.getvalue().decode()
