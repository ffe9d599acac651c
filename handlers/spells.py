"""Heat waves and cold snaps: switched on by a coordinator, they end by themselves at their date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Final

from handlers import answers, spellcard
from handlers.chat import (
    COORDINATOR,
    Chat,
    Choice,
    Mail,
    Priority,
    Unclear,
    button,
    command,
    every,
    explains,
)
from handlers.places import which_canteen
from handlers.text import Text, _, _n, lines, listed
from models.callrules import CallRules
from models.canteens import Canteen
from models.people import Role
from models.refusals import NobodyAtRisk
from models.risks import Risk
from models.spells import LONGEST, Spell, SpellKind

BATCH: Final = 20
NO_WORDS: Final = "-"


@command(
    "heat",
    for_=COORDINATOR,
    help=_("Extra calls to those at risk while it is very hot"),
    phrases=_("heat wave|heatwave|it is very hot|too hot"),
)
async def heat(chat: Chat) -> None:
    """Switch the extra checks of a heat wave on, or show how they stand."""
    await _switch_on(chat, SpellKind.HEAT)


@command(
    "cold",
    for_=COORDINATOR,
    help=_("Extra calls to those at risk while it is very cold"),
    phrases=_("cold snap|cold spell|cold wave|it is very cold|hard frost"),
)
async def cold(chat: Chat) -> None:
    """Switch the extra checks of a cold snap on, or show how they stand."""
    await _switch_on(chat, SpellKind.COLD)


async def _switch_on(chat: Chat, kind: SpellKind) -> None:
    canteen = await which_canteen(chat, Role.COORDINATOR)
    known = await Spell.on(canteen.id, kind)
    if known is not None:
        await spellcard.say(chat, known, chat.person, fresh=True)
        return
    rules, today = await CallRules.of(canteen.id), canteen.today(chat.began)
    words = spellcard.risk_words(rules.age)
    picked = await chat.choose_many(
        "whom",
        _("Whom shall somebody call each day? Tap all lists that you want."),
        [Choice(risk.value, label) for risk, label in words.items()],
        label=_("Whom"),
    )
    risks = [Risk(one) for one in picked]
    seniors = await Spell.concerned(canteen.id, risks, chat.person, chat.now)
    ends = await chat.ask(
        "until",
        _("Until which day? Tap one, or write a day. It ends by itself then."),
        _last_day(today),
        choices=[
            Choice(
                (today + timedelta(days=ahead)).isoformat(), _("Until {day}", day=today + timedelta(ahead))
            )
            for ahead in (1, 2, 4, 6)
        ],
        label=_("Last day"),
    )
    reason = await chat.ask(
        "reason",
        _("What shall those who call know? For example the warning, or where it is cool or warm."),
        answers.long_words,
        choices=[Choice(NO_WORDS, _("Nothing more"))],
        label=_("Reason"),
    )
    await chat.confirm(
        "sure",
        lines(
            _n(
                "Each day from {begins} on {n} senior is called, until the end of {day}.",
                "Each day from {begins} on {n} seniors are called, until the end of {day}.",
                len(seniors),
                begins=time.fromisoformat(rules.check_at),
                day=ends,
            ),
            _("Called are: {whom}", whom=listed([words[risk] for risk in risks])),
            _(
                "Who is not reached by {by} becomes a case: somebody goes to the door.",
                by=time.fromisoformat(rules.check_by),
            ),
        ),
        yes=_("Yes, switch it on"),
    )
    spell = await Spell.declare(
        canteen.id, kind, ends, risks, None if reason == NO_WORDS else reason, chat.person, chat.now
    )
    for person in await canteen.coordinators():
        await spellcard.say(chat, spell, person, fresh=True)


def _last_day(today: date) -> Callable[[str], date]:
    read_day = answers.day(today)

    def read(text: str) -> date:
        day = read_day(text)
        if not today <= day <= today + LONGEST:
            raise Unclear(_("Please name a day within the next {n} days.", n=LONGEST.days))
        return day

    return read


@button("spell_stop", for_=COORDINATOR)
async def stop(chat: Chat, spell_id: int) -> None:
    """Switch the extra checks off before their day."""
    spell, news = await Spell.stop(spell_id, chat.person, chat.now)
    canteen = await Canteen.get(id=spell.canteen_id)
    for person in await canteen.coordinators() if news else [chat.person]:
        await spellcard.say(chat, spell, person, only_update=person.id != chat.person.id)


@every(seconds=15)
async def go_on(mail: Mail) -> bool:
    """Begin the round of a day at its hour, and end what is over; each is said once."""
    due = await Spell.take_due(mail.now, BATCH)
    for step in due:
        canteen = await Canteen.get(id=step.spell.canteen_id)
        for person in await canteen.coordinators():
            if step.round is not None:
                await spellcard.say(mail, step.spell, person, fresh=True, priority=Priority.REMINDER)
            elif step.ended:
                await spellcard.say(mail, step.spell, person, fresh=True, priority=Priority.NOTICE)
    return len(due) == BATCH


@explains(NobodyAtRisk)
def nobody_at_risk(_refusal: NobodyAtRisk) -> Text:
    return _("Nobody is on those lists just now, so there is nobody to call. Nothing was changed.")
