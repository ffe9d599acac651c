"""Parse formatted text and find what Telegram finds in plain text, with offsets in UTF-16 units."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.telegram_server.refusals import bad_request

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
FOUND = [
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z]\w{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(r"(?<![\w@.])(?:https?://\S+[^\s.,;:!?)]|t\.me/[\w/?=&-]+)")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d -]{8,16}\d(?!\w)")),
]
PLAIN = re.compile(r"[^<&]+")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9A-Fa-f]+);")

Entity = dict[str, Any]


def units(text: str) -> int:
    """Count UTF-16 units, as the Bot API counts offsets and lengths."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find(text: str) -> list[Entity]:
    """Find commands, mentions, links and the like in plain text."""
    spans = [
        {"offset": units(text[: hit.start()]), "length": units(hit[0]), "type": kind}
        for kind, pattern in FOUND
        for hit in pattern.finditer(text)
    ]
    return sorted(spans, key=lambda span: int(span["offset"]))


def parse(text: str, mode: str, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """Turn what a bot sent into what is shown, and its entities; refuse what can't be parsed."""
    if mode and mode.lower() != "html":
        # The house writes plain text or HTML; another mode here is a slip, not a need.
        raise bad_request("unsupported parse_mode")
    plain, entities = _parse_html(text) if mode else (text, list(given or ()))
    shown = plain.strip()
    cut, end = units(plain[: len(plain) - len(plain.lstrip())]), units(shown)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        if start < end:
            kept.append(entity | {"offset": start, "length": min(entity["length"], end - start)})
    return shown, sorted([*kept, *find(shown)], key=lambda entity: int(entity["offset"]))


def _parse_html(text: str) -> tuple[str, list[Entity]]:
    shown: list[str] = []
    entities: list[Entity] = []
    open_tags: list[tuple[str, int, dict[str, str], int]] = []
    length = at = 0
    while at < len(text):
        if text[at] == "<":
            place = len(text[:at].encode())
            end = text.find(">", at)
            if end < 0:
                raise _unparsable(f"Unclosed start tag at byte offset {place}")
            inside = text[at + 1 : end]
            if inside.startswith("/"):
                entities.append(_close(inside[1:].strip().lower(), open_tags, length, place))
            else:
                open_tags.append(_open(inside, length, place))
            at = end + 1
            continue
        run = PLAIN.match(text, at) or REFERENCE.match(text, at)
        piece = run[0] if run else text[at]
        shown.append(html.unescape(piece))
        length += units(shown[-1])
        at += len(piece)
    if open_tags:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return "".join(shown), [entity for entity in entities if entity["length"]]


def _open(inside: str, length: int, place: int) -> tuple[str, int, dict[str, str], int]:
    name, _, rest = inside.partition(" ")
    name = name.lower()
    attributes = dict(re.findall(r"([\w-]+)=[\"']?([^\"'\s>]*)[\"']?", rest))
    if name not in TAGS:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {place}')
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
    return name, length, attributes, place


def _close(
    name: str, open_tags: list[tuple[str, int, dict[str, str], int]], length: int, place: int
) -> Entity:
    if not open_tags:
        raise _unparsable(f"Unexpected end tag at byte offset {place}")
    opened, start, attributes, _ = open_tags.pop()
    if name and name != opened:
        raise _unparsable(
            f'Unmatched end tag at byte offset {place}, expected "</{opened}>", found "</{name}>"'
        )
    entity: Entity = {"offset": start, "length": length - start, "type": TAGS[opened]}
    if opened == "a":
        entity["url"] = html.unescape(attributes.get("href", ""))
    if opened == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    return entity


def _unparsable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")
