"""Photos and voice notes: sent from the door, looked at by those who may, deleted on request."""

from __future__ import annotations

from typing import Final

from handlers import enclosed, words
from handlers.casecard import tell_coordinators
from handlers.chat import (
    COORDINATOR,
    VOLUNTEER,
    Chat,
    Choice,
    Mail,
    Priority,
    button,
    every,
    explains,
    press,
)
from handlers.senior_card import refresh
from handlers.text import Text, _, _n, lines
from models import fileviews, rounds
from models.canteens import Canteen
from models.cases import Case
from models.consents import Consent
from models.files import File, FileKind
from models.meals import Meal
from models.people import Person
from models.refusals import FileGone, NoPhotoAgreed, RoundOver
from models.seniors import Senior

SHOWN: Final = 3
AT_ONCE: Final = 25


@button("case_file", for_=VOLUNTEER)
async def add_file(chat: Chat, case_id: int) -> None:
    """Add a photo or a voice note to what is different at a door."""
    case = await Case.told(case_id, chat.person)
    senior = await Senior.get(id=case.senior_id)
    agreed = await Consent.photos(senior.id)
    sent = await chat.ask(
        "file",
        lines(
            _("Please send a photo or a voice note now. Only the coordinators will see and hear it."),
            None
            if agreed
            else _("There is no yes to photos here: please show the thing only, and no person."),
        ),
        enclosed.read,
        want="file",
    )
    file = await File.keep(sent, senior, chat.person, chat.now, case=case)
    await case.note(f"file:{file.kind}", chat.person, chat.now)
    await tell_coordinators(chat, case, fresh=True, priority=Priority.URGENT if case.red else Priority.REPLY)
    await _thank(chat, file)


@button("door_photo", for_=VOLUNTEER)
async def photo_at_the_door(chat: Chat, meal_id: int) -> None:
    """Take a photo of a lunch that was handed over, where the senior has agreed to photos."""
    senior = await rounds.senior_at(meal_id, chat.person, chat.now)
    if not await Consent.photos(senior.id):
        raise NoPhotoAgreed(senior.id)
    sent = await chat.ask(
        "photo",
        _("There is a yes to photos here. Please send one now."),
        enclosed.read,
        want="photo",
    )
    meal = await Meal.get(id=meal_id)
    file = await File.keep(sent, senior, chat.person, chat.now, meal=meal)
    await _thank(chat, file)


async def _thank(chat: Chat, file: File) -> None:
    days = (file.delete_at - chat.now).days if file.delete_at else 0
    chat.say(
        _n(
            "Thank you. It is kept sealed for {n} day, and then deleted.",
            "Thank you. It is kept sealed for {n} days, and then deleted.",
            days,
        ),
        buttons=[
            [press(_("Look at it"), "file", file.id), press(_("Delete it"), "file_off", file.id)],
            press(_("Back to the round"), "/round"),
        ],
    )


# -------------------------------------------------------------------------------------------------- looking


@button("file", for_=VOLUNTEER)
async def show_file(chat: Chat, file_id: int) -> None:
    """Show a file to who sent it, or to a coordinator."""
    file, until = await fileviews.seen_by(file_id, chat.person, chat.now)
    if file.coming:
        chat.say(
            _("It is still on its way to us. Please tap again in a moment."),
            buttons=[press(_("Look at it"), "file", file.id)],
        )
        return
    if not file.here:
        raise FileGone
    await fileviews.note_shown(file, until)
    chat.say(
        await _caption(file, chat.person),
        buttons=[press(_("Delete it"), "file_off", file.id)],
        zone=(await Canteen.get(id=file.canteen_id)).zone,
        card=_card(file),
        fresh=True,
        expires=until,
        file=file.id,
        reveals=f"file {file.id} of senior {file.senior_id}",
    )


def _card(file: File) -> str:
    return f"file {file.id}"


async def _caption(file: File, reader: Person) -> Text:
    """Say what a file is; who sent it knows of whom, and is told no name that stays in the chat."""
    photo = file.kind is FileKind.PHOTO
    if file.by_id == reader.id:
        return (
            _("The photo that you sent on {when}", when=file.at)
            if photo
            else _("The voice note that you sent on {when}", when=file.at)
        )
    author = await Person.get_or_none(id=file.by_id)
    who, name = (author and author.name) or "–", (await Senior.get(id=file.senior_id)).display
    return (
        _("Photo about {name}, sent by {who} on {when}", name=name, who=who, when=file.at)
        if photo
        else _("Voice note about {name}, sent by {who} on {when}", name=name, who=who, when=file.at)
    )


@every(seconds=60)
async def take_back(mail: Mail) -> bool:
    """Take files away from the chats in which they were shown: long enough, or they are deleted."""
    due = await fileviews.to_hide(mail.now, AT_ONCE)
    for file in due:
        await hide(mail, file)
    return len(due) == AT_ONCE


async def hide(mail: Mail, file: File, *from_: Person) -> None:
    """Take a file away from wherever it was shown to these, or to anybody."""
    for person in from_ or await fileviews.viewers(file):
        mail.say(
            words.FILE_GONE
            if file.deleted_at is not None
            else _("What was shown here is gone from here again. The coordinators can still look at it."),
            to=person,
            card=_card(file),
            everywhere=True,
            key=f"hide file {file.id} {person.id}",
        )


@button("file_off", for_=VOLUNTEER)
async def delete_file(chat: Chat, file_id: int) -> None:
    """Delete a file for good, on request of who sent it or of a coordinator."""
    await File.deletable_by(file_id, chat.person)
    said = await chat.ask(
        "sure",
        _("Shall it be deleted for good? Nobody can bring it back."),
        choices=[Choice("yes", _("Yes, delete it")), Choice("no", _("No, keep it"))],
    )
    if said == "no":
        chat.say(_("All right, it stays."))
        return
    file = await File.remove(file_id, chat.person, chat.now)
    chat.say(
        _("It is deleted, also where it was shown in a chat. What somebody saved elsewhere stays there.")
    )
    case = await Case.get_or_none(id=file.case_id)
    if case is not None:
        await tell_coordinators(chat, case, fresh=False)


# -------------------------------------------------------------------------------------------- who agreed


@button("photos", for_=COORDINATOR)
async def show_photos(chat: Chat, senior_id: int) -> None:
    """Show the last photos of handing over, and whether the senior has agreed to them."""
    senior = await Senior.coordinated(senior_id, chat.person)
    taken = await File.at_the_door(senior, chat.person, SHOWN)
    agreed = await Consent.photos(senior_id)
    chat.say(
        lines(
            _("{name} has agreed to photos at the door.", name=senior.display)
            if agreed
            else _("{name} has not agreed to photos, so volunteers take none.", name=senior.display),
            _("Please ask in person or on the phone before you change it."),
        ),
        buttons=[
            press(_("Said no to photos"), "photos_ok", senior_id, 0)
            if agreed
            else press(_("Has agreed to photos"), "photos_ok", senior_id, 1),
            *(press(_("Photo {n}", n=number), "file", file.id) for number, file in enumerate(taken, 1)),
        ],
        card=f"photos {senior_id}",
        fresh=True,
    )


@button("photos_ok", for_=COORDINATOR)
async def note_agreed(chat: Chat, senior_id: int, agreed: int) -> None:
    """Note what the senior said about photos: who asked and when is on record."""
    await Consent.note_photos(senior_id, agreed=bool(agreed), by=chat.person, now=chat.now)
    await show_photos(chat, senior_id)
    await refresh(chat, await Senior.get(id=senior_id))


@explains(RoundOver)
def round_over(_refusal: RoundOver) -> Text:
    return _(
        "Your round is over, so only the coordinators can open this now."
        " You can still have it deleted with the button beside it."
    )


@explains(FileGone)
def file_gone(_refusal: FileGone) -> Text:
    return _("This file is no longer kept. If it is needed, please ask for it once more.")


@explains(NoPhotoAgreed)
def no_photo(_refusal: NoPhotoAgreed) -> Text:
    return _("There is no yes to photos from this senior. The coordinator can ask, and note it on the card.")
