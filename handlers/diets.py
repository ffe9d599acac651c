"""Diets in words: what the kitchen must heed, for tray labels, lists and cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from handlers.chat import Chat, Choice
from handlers.text import Blank, Text, _, lines, listed, verbatim
from handlers.words import DONE
from models.dated import Diet, Eats

LABELS: Final[Mapping[str, Text]] = {
    "low_salt": _("low salt"),
    "low_sugar": _("controlled sugar"),
    "low_fat": _("low fat"),
    "gout": _("for gout"),
    "no_bones": _("without bones"),
    "vegetarian": _("vegetarian"),
    "halal": _("halal"),
}

# IDDSI's levels: one word "soft" for all of them has cost lives.
REGULAR: Final = "regular"
TEXTURES: Final[Mapping[str, Text]] = {
    REGULAR: _("ordinary food"),
    "easy": _("easy to chew, nothing hard"),
    "soft": _("soft, cut into small pieces"),
    "minced": _("minced and moist"),
    "pureed": _("puréed"),
}

# The fourteen that caterers in the European Union must name, and a tick for all others.
OTHER: Final = "other"
ALLERGENS: Final[Mapping[str, Text]] = {
    "gluten": _("gluten (wheat, rye, barley, oats)"),
    "crustaceans": _("shrimps and crabs"),
    "eggs": _("eggs"),
    "fish": _("fish"),
    "peanuts": _("peanuts"),
    "soy": _("soy"),
    "milk": _("milk"),
    "nuts": _("nuts"),
    "celery": _("celery"),
    "mustard": _("mustard"),
    "sesame": _("sesame"),
    "sulphites": _("sulphites"),
    "lupin": _("lupin"),
    "molluscs": _("mussels, snails and squid"),
    OTHER: _("something else"),
}
_ALLERGY: Final = _("another allergy (please ask)")


def diet_label(diet: Diet | Eats) -> Text:
    """Say a whole diet in one phrase: "low salt, puréed and no peanuts"; "ordinary food" if nothing."""
    return _phrase([*_kind(diet), *never_labels(diet)])


def door_label(diet: Diet | Eats) -> Text:
    """Say only what stands on the tray: allergies are for the kitchen, not for the door."""
    return _phrase(_kind(diet))


def diet_lines(diet: Diet | Eats) -> Text:
    """Say a diet on a card, allergies on a line of their own."""
    never = [_ALLERGY if code == OTHER else _word(ALLERGENS, code) for code in diet.allergies]
    what: list[Blank] = [*never, *([diet.avoids] if diet.avoids else [])]
    return lines(
        _("Diet: {diet}", diet=door_label(diet)),
        _("Must not get: {what}", what=listed(what)) if what else None,
    )


def _kind(diet: Diet | Eats) -> list[Blank]:
    kind: list[Blank] = [_word(LABELS, code) for code in diet.labels]
    if diet.texture != REGULAR:
        kind.append(_word(TEXTURES, diet.texture))
    return kind


def plain_food(diet: Diet | Eats) -> bool:
    """Tell whether nothing special stands on the tray."""
    return not _kind(diet)


def never_labels(diet: Diet | Eats) -> list[Text]:
    """Say, each by itself, what must not be in a meal."""
    never = [
        _ALLERGY if code == OTHER else _("no {food}", food=_word(ALLERGENS, code)) for code in diet.allergies
    ]
    if diet.avoids:
        never.append(_("does not eat: {food}", food=diet.avoids))
    return never


def _word(words: Mapping[str, Text], code: str) -> Text:
    """Say a code; one that an older release wrote and this one does not know stays as it is."""
    return words.get(code) or verbatim(code)


def _phrase(said: Sequence[Blank]) -> Text:
    return _("{diet}", diet=listed(said)) if said else TEXTURES[REGULAR]


async def ask_diet(chat: Chat, called: str) -> tuple[list[str], str, list[str]]:
    """Ask for labels, texture and allergies."""
    labels = await chat.choose_many(
        "labels",
        _(
            "Does {called} need a special diet? Tap all that is right."
            " If nothing special is needed, just tap “{done}”.",
            called=called,
            done=DONE,
        ),
        _choices(LABELS),
        label=_("Diet"),
    )
    texture = await chat.ask(
        "texture",
        _("How soft must the food be for {called}?", called=called),
        choices=_choices(TEXTURES),
        label=_("How soft the food is"),
    )
    allergies = await chat.choose_many(
        "allergies",
        _(
            "Is {called} allergic to any of these? Tap all that is right. If to nothing, just tap “{done}”.",
            called=called,
            done=DONE,
        ),
        _choices(ALLERGENS),
        label=_("Allergies"),
    )
    return labels, texture, allergies


def _choices(words: Mapping[str, Text]) -> list[Choice]:
    return [Choice(code, label) for code, label in words.items()]
