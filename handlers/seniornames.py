"""How a senior is named where somebody of the same name could be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from handlers.answers import plain
from handlers.chat import Mail, every
from handlers.text import Text, _, verbatim
from models.canteens import Canteen
from models.namesakes import tell_all_apart
from models.seniors import Mode, Senior

MODES: Final[Mapping[Mode, Text]] = {
    Mode.DINE_IN: _("at the canteen"),
    Mode.PICK_UP: _("picked up"),
    Mode.DELIVERY: _("brought home"),
}


def label(senior: Senior) -> Text:
    """Say who it is so that nobody of the same name can be meant."""
    if senior.born is None:
        return _("{name} ({short_id})", name=senior.name or "", short_id=senior.short_id)
    return _(
        "{name} ({short_id}, born {year})",
        name=senior.name or "",
        short_id=senior.short_id,
        year=str(senior.born),
    )


def called_so(said: str, seniors: Iterable[Senior]) -> list[Senior]:
    """Find who has just this name, else in whose name it stands; spaces and case tell nobody apart."""
    sought = _together(said)
    known = list(seniors)
    return [one for one in known if sought and sought == _together(one.name or "")] or [
        one for one in known if sought and sought in _together(f"{one.name or ''} {one.called or ''}")
    ]


def _together(name: str) -> str:
    return "".join(plain(name).split())


async def labels(seniors: Sequence[Senior]) -> dict[int, Text]:
    """Name several seniors on buttons, by id; of two canteens' namesakes the canteen is said, too."""
    names = [senior.display for senior in seniors]
    twice = {name for name in names if names.count(name) > 1}
    said = {senior.id: verbatim(senior.display) for senior in seniors}
    for senior in seniors:
        if senior.display in twice:
            canteen = await Canteen.get(id=senior.canteen_id)
            said[senior.id] = _("{name}, {canteen}", name=label(senior), canteen=canteen.name)
    return said


@every(seconds=3600)
async def look_for_namesakes(mail: Mail) -> bool:
    """Tell apart those whom nobody has compared yet: they were here before there was such a thing."""
    return await tell_all_apart(mail.now)


def on_record(ids: Iterable[int]) -> str:
    """Name seniors as the audit does ("senior 12, senior 15"), for what shows data of several (see Mail.say).

    Six at most: more have no room there.
    """
    return ", ".join([f"senior {number}" for number in dict.fromkeys(ids)][:6])
