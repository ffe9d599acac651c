"""The card of a heat wave or a cold snap: how far today's calls are, edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from handlers.chat import Button, Mail, Priority, press
from handlers.text import NOTHING, Text, _, _n, bold, lines, listed, verbatim
from models.callrounds import CallRound, Progress
from models.callrules import CallRules
from models.canteens import Canteen
from models.people import Person
from models.risks import Risk
from models.spells import Spell, SpellKind


def risk_words(age: int) -> Mapping[Risk, Text]:
    """Name the lists from which a coordinator picks."""
    return {
        Risk.ALONE: _("Who lives alone"),
        Risk.OLD: _("{age} years and older", age=str(age)),
        Risk.ILL: _("Ill, or back from hospital within 30 days"),
        Risk.NO_PHONE: _("Without a telephone"),
        Risk.UNLINKED: _("No relative in the chat"),
        Risk.ALL: _("Everybody"),
    }


def card_of(spell: Spell) -> str:
    """Name its card."""
    return f"spell:{spell.id}"


async def say(
    mail: Mail,
    spell: Spell,
    to: Person,
    *,
    fresh: bool = False,
    only_update: bool = False,
    priority: Priority = Priority.REPLY,
) -> None:
    """Show a coordinator how it stands."""
    canteen, rules = await Canteen.get(id=spell.canteen_id), await CallRules.of(spell.canteen_id)
    round_ = await spell.newest_round()
    mail.say(
        lines(
            bold(title(spell, canteen)),
            verbatim(spell.words) if spell.words else None,
            _("Called are: {whom}", whom=listed([risk_words(rules.age)[Risk(one)] for one in spell.risks])),
            NOTHING,
            *(await _of(round_, rules)),
        ),
        to=to,
        buttons=_keys(spell, canteen),
        zone=canteen.zone,
        priority=priority,
        card=card_of(spell),
        fresh=fresh,
        only_update=only_update,
    )


def title(spell: Spell, canteen: Canteen) -> Text:
    """Say what is on, or was."""
    name, day = canteen.name, spell.ends
    if spell.ended_at is not None and spell.kind is SpellKind.HEAT:
        return _("Heat: the extra checks at {canteen} have ended.", canteen=name)
    if spell.ended_at is not None:
        return _("Cold: the extra checks at {canteen} have ended.", canteen=name)
    if spell.kind is SpellKind.HEAT:
        return _("Heat: extra checks at {canteen} until the end of {day}", canteen=name, day=day)
    return _("Cold: extra checks at {canteen} until the end of {day}", canteen=name, day=day)


async def _of(round_: CallRound | None, rules: CallRules) -> list[Text]:
    begins, by = time.fromisoformat(rules.check_at), time.fromisoformat(rules.check_by)
    if round_ is None:
        return [
            _(
                "The calls begin at {begins}. Who is not reached by {by} is looked after at the door.",
                begins=begins,
                by=by,
            )
        ]
    progress = await round_.progress()
    said = [
        _(
            "{day}: {reached} of {n} reached.",
            day=progress.day,
            reached=progress.reached,
            n=progress.seniors,
        ),
        *standing(progress),
    ]
    if round_.settled_at is None and progress.reached < progress.seniors:
        said.append(_("Who is not reached by {by} is looked after at the door.", by=by))
    return said


def standing(progress: Progress) -> list[Text]:
    """Say what is left of a round."""
    return [
        text
        for n, text in (
            (
                progress.tried,
                _n("{n} did not answer so far.", "{n} did not answer so far.", progress.tried),
            ),
            (progress.left, _n("{n} is still to be called.", "{n} are still to be called.", progress.left)),
            (progress.wrong, _n("{n} number is wrong.", "{n} numbers are wrong.", progress.wrong)),
            (
                progress.cases,
                _n(
                    "{n} was not reached: see /cases",
                    "{n} were not reached: see /cases",
                    progress.cases,
                ),
            ),
        )
        if n
    ]


def _keys(spell: Spell, canteen: Canteen) -> list[Button]:
    if spell.ended_at is not None:
        return []
    return [
        press(_("Whom to call"), "calls", canteen.id),
        press(_("End the extra checks"), "spell_stop", spell.id),
    ]


async def refresh(mail: Mail, canteen: Canteen) -> None:
    """Bring the cards of what is on up to date, wherever a coordinator has one before them."""
    for spell in await Spell.filter(canteen_id=canteen.id, ended_at=None):
        for reader in await canteen.coordinators():
            await say(mail, spell, reader, only_update=True)
