"""Photos and voice notes: who may send, see and delete them, and for how long they are kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from bot.channels import Kind, Later, Rejected
from bot.fetching import Fetcher
from bot.filetypes import type_of, without_place
from bot.leases import Leases
from handlers import enclosed
from models.audit import AuditEvent
from models.cases import Case
from models.consents import Consent
from models.files import AT_MOST, Enclosure, File, FileKind
from models.messaging import Lease
from models.people import Person
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.test_rounds import Scene, scene
from tests.house import Phone, Wire

__all__ = ["scene"]

# The head of a JPEG with a segment that tells where it was taken, and a little of the picture.
PLACE = b"\xff\xe1\x00\x12Exif GPS 31.2304"
PHOTO = b"\xff\xd8" + PLACE + b"\xff\xdb\x00\x05abc" + b"\xff\xda\x00\x03x" + b"picture" * 50
PICTURE = PHOTO.replace(PLACE, b"")
VOICE = b"OggS" + b"\x00voice" * 40


class Shelf:
    """The files that a channel keeps for us; `trouble` is raised as often as it says."""

    def __init__(self, wire: Wire, **files: bytes) -> None:
        self.name = wire.name
        self.files = files
        self.trouble: list[Exception] = []
        self.fetched: list[str] = []

    async def download(self, file_id: str) -> bytes:
        self.fetched.append(file_id)
        if self.trouble:
            raise self.trouble.pop(0)
        return self.files[file_id]


def fetcher(scene: Scene, shelf: Shelf) -> Fetcher:
    return Fetcher(shelf, scene.house.clock, Leases())  # type: ignore[arg-type]  # a clock of the tests


def shows_files(*phones: Phone) -> list[bool]:
    """Tell of each phone whether a file can be seen on it, wherever one scrolls."""
    return [any(message.file is not None for message in phone.heard) for phone in phones]


async def a_concern(scene: Scene) -> None:
    await scene.lin.walks(
        ("/round", "Door 1"), ("Something is different", "What is different"), ("The home", "has it now")
    )


async def test_a_photo_of_what_is_different_is_kept_once_sealed_and_seen_by_coordinators(
    scene: Scene,
) -> None:
    house, lin, chen, wu = scene.house, scene.lin, scene.chen, scene.wu
    shelf = Shelf(house.wire, one=PHOTO, two=VOICE)
    fetch = fetcher(scene, shelf)
    await a_concern(scene)
    await lin.taps("Add a photo or a voice note")
    assert lin.last.want == "file"
    assert "There is no yes to photos here: please show the thing only" in lin.last.text
    # Nobody can type the name of a file, and what is neither photo nor voice is asked again.
    typed = enclosed.pack(Enclosure(FileKind.PHOTO, "test", "one"))
    assert "Please send a photo or a voice note" in (await lin.says(typed))[-1].text
    assert "Please send a photo or a voice note" in (await lin.sends(Kind.STICKER))[-1].text
    assert not await File.exists()
    await lin.sends(Kind.PHOTO, file="one")
    assert "kept sealed for 30 days" in lin.last.text
    assert "Lin sent a photo." in chen.last.text
    await chen.taps("Photo 1")
    assert "still on its way" in chen.last.text
    # Telegram is down, then the process dies between fetching and keeping: it is tried again, and kept once.
    shelf.trouble = [Later(timedelta(seconds=5)), RuntimeError("killed")]
    assert await fetch.step() == 1
    assert await fetch.step() == 0
    house.clock.instant += timedelta(minutes=1)
    with pytest.raises(RuntimeError):
        await fetch.step()
    house.clock.instant += timedelta(minutes=1, seconds=1)
    assert [await fetch.step(), await fetch.step()] == [1, 0]
    assert shelf.fetched == ["one"] * 3
    file = await File.get()
    assert (file.content, file.mime, file.ref) == (PICTURE, "image/jpeg", None), "where it was taken is gone"
    (row,) = await get_connection("default").execute_query_dict("SELECT sealed FROM file")
    assert b"cGlj" not in bytes(row["sealed"]), "not even its letters in base64"
    for who in (chen, wu):
        await who.presses(f"file:{file.id}")
        assert who.last.file is not None
        assert (who.last.file.content, who.last.file.name) == (PICTURE, f"photo-{file.id}.jpg")
        assert "Photo about Wang Guilan, sent by Lin on" in who.last.text
    shown = await AuditEvent.filter(act="shown", about=f"file {file.id} of senior {scene.seniors[0].id}")
    assert {event.person_id for event in shown} == {(await chen.person()).id, (await wu.person()).id}
    # Others see nothing: not a volunteer, not the family, nobody of another canteen.
    far = await house.canteen("Far Lane", zone="Europe/Madrid")
    for stranger in (
        await house.volunteer("Gao"),
        await house.coordinator("Sr Ruiz", canteen=far),
        scene.mei,
    ):
        for data in (f"file:{file.id}", f"file_off:{file.id}"):
            (said,) = await stranger.presses(data)
            assert said.file is None
            assert "Wang" not in said.text
    await lin.presses(f"case_file:{(await Case.get()).id}")
    await lin.sends(Kind.VOICE, file="two")
    await fetch.step()
    voice = await File.get(kind=FileKind.VOICE)
    assert "kept sealed for 90 days" in lin.last.text
    await chen.presses(f"file:{voice.id}")
    assert chen.last.file is not None
    assert (chen.last.file.mime, chen.last.file.content) == ("audio/ogg", VOICE)
    # Who sent it sees it on that round, without a name; when its window closes it is gone from the chat, too.
    await lin.presses(f"file:{voice.id}")
    assert lin.last.file is not None
    assert "The voice note that you sent on" in lin.last.text
    assert "Wang" not in lin.last.text
    await chen.presses(f"file:{voice.id}")
    await house.at("2026-11-24 13:59")
    assert shows_files(lin, chen) == [True, True]
    await house.at("2026-11-24 14:00")
    assert not any(shows_files(lin))
    await lin.presses(f"file:{voice.id}")
    assert lin.last.file is None
    assert "only the coordinators can open this now" in lin.last.text
    # Coordinators look at it as long as it is kept; it stands in a chat for a day at most.
    await chen.presses(f"file:{voice.id}")
    await house.at("2026-11-25 13:59")
    assert shows_files(chen) == [True]
    await house.at("2026-11-25 14:00")
    assert not any(shows_files(chen, wu))
    assert (await File.get(id=voice.id)).here
    await chen.says("/revoke")
    await chen.taps("Volunteer: Lin, no number yet")
    await chen.taps("Yes, end it")
    for data in (f"file:{voice.id}", f"file_off:{voice.id}"):
        (said,) = await lin.presses(data)
        assert said.file is None
    assert (await File.get(id=voice.id)).here


@ONE_ENGINE
async def test_what_is_too_large_strange_or_lost_is_said_to_who_sent_it(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    large = PHOTO + b"x" * AT_MOST
    shelf = Shelf(house.wire, large=large, film=b"\x00\x00\x00\x18ftypqt  ", gone=b"")
    fetch = fetcher(scene, shelf)
    await a_concern(scene)
    case = await Case.get()
    said = {
        "large": "This photo is larger than 5 MB. Please send it smaller.",
        "film": "I can keep photos and voice notes only",
        "gone": "has not reached us and is lost",
    }
    for ref, words in said.items():
        await lin.presses(f"case_file:{case.id}")
        await lin.sends(Kind.PHOTO, file=ref)
        shelf.trouble = [Rejected("no such file")] if ref == "gone" else []
        await fetch.step()
        await house.deliver()
        assert words in lin.last.text
    assert await File.filter(sealed__not_isnull=True).count() == 0
    # Where the channel says the size beforehand, it is asked anew at once.
    await lin.presses(f"case_file:{case.id}")
    with pytest.raises(Exception, match="larger than"):
        enclosed.read(enclosed.pack(Enclosure(FileKind.VOICE, "test", "x", AT_MOST + 1)))
    await lin.says("/cancel")
    # What could not be fetched for a whole day is given up, and said once.
    await lin.presses(f"case_file:{case.id}")
    await lin.sends(Kind.PHOTO, file="slow")
    for _hour in range(26):
        shelf.trouble = [Later(timedelta(hours=1))]
        await fetch.step()
        house.clock.instant += timedelta(hours=1)
    await house.deliver()
    assert sum("is lost" in message.text for message in lin.heard) == 2
    assert "no longer kept" in (await chen.taps("Photo 1"))[-1].text
    await chen.says("/cases")
    await chen.taps("Show Wang Guilan")
    assert not any(label.startswith("Photo") for label in chen.last.buttons)


@ONE_ENGINE
async def test_a_photo_of_handing_over_is_taken_only_where_the_senior_agreed(scene: Scene) -> None:
    house, lin, chen, wang = scene.house, scene.lin, scene.chen, scene.seniors[0]
    shelf = Shelf(house.wire, face=PHOTO)
    meal = await scene.meal(0)
    await lin.walks(("/round", "Door 1"), ("✓ Handed over", "Door 2"))
    assert "Photo: Wang Guilan" not in lin.last.buttons
    assert "There is no yes to photos" in (await lin.presses(f"door_photo:{meal.id}"))[-1].text
    assert "not open to you" in (await scene.mei.presses(f"photos_ok:{wang.id}:1"))[-1].text
    await chen.presses(f"senior:{wang.id}")
    await chen.walks(
        ("Photos at the door", "has not agreed"), ("Has agreed to photos", "has agreed to photos")
    )
    given = await Consent.get(about="photos")
    assert (given.answer, given.asked_by_id) == ("yes", (await chen.person()).id)
    await lin.presses(f"at_door:{meal.id}:handed_over")
    await lin.taps("Photo: Wang Guilan")
    assert "Please send one now" in lin.last.text
    assert "Please send a photo here" in (await lin.sends(Kind.VOICE, file="face"))[-1].text
    await lin.sends(Kind.PHOTO, file="face")
    await fetcher(scene, shelf).step()
    file = await File.get()
    assert (file.meal_id, file.case_id) == (meal.id, None)
    await chen.presses(f"photos:{wang.id}")
    await chen.taps("Photo 1")
    assert chen.last.file is not None
    # Who has taken it may look at it and delete it; then it is gone for all.
    await lin.presses(f"file:{file.id}")
    assert lin.last.file is not None
    await lin.walks(("Delete it", "for good"), ("Yes, delete it", "It is deleted, also where it was shown"))
    assert (await File.get()).sealed is None
    assert shows_files(lin, chen) == [True, True]
    await house.tick()
    assert not any(shows_files(lin, chen))
    assert "no longer kept" in (await chen.presses(f"file:{file.id}"))[-1].text
    await chen.presses(f"photos:{wang.id}")
    assert "Photo 1" not in chen.last.buttons
    # A yes that was taken back holds from then on, also in the middle of a question.
    await lin.walks(("/round", "Door 2"))
    await lin.presses(f"door_photo:{meal.id}")
    await lin.sends(Kind.PHOTO, file="face")
    await fetcher(scene, shelf).step()
    assert await File.filter(sealed__not_isnull=True, deleted_at=None).count() == 1
    await lin.presses(f"door_photo:{meal.id}")
    await chen.presses(f"photos_ok:{wang.id}:0")
    # What was taken before is gone, too, and that is on record.
    assert not await File.filter(sealed__not_isnull=True).exists()
    emptied = await AuditEvent.get(act="file.delete.door", about=f"senior {wang.id}")
    assert emptied.person_id == (await chen.person()).id
    assert "There is no yes to photos" in (await lin.sends(Kind.PHOTO, file="face"))[-1].text


@ONE_ENGINE
async def test_with_nothing_to_fetch_the_lease_is_not_written_at_every_look(scene: Scene) -> None:
    running = asyncio.create_task(fetcher(scene, Shelf(scene.house.wire)).run())
    await asyncio.sleep(0.3)
    held = await Lease.get(name="fetcher:test")
    await asyncio.sleep(1.2)
    assert (await Lease.get(name="fetcher:test")).until == held.until
    running.cancel()


@ONE_ENGINE
async def test_files_go_after_their_days_each_kind_by_its_own(scene: Scene) -> None:
    house, lin, chen = scene.house, scene.lin, scene.chen
    fetch = fetcher(scene, Shelf(house.wire, one=PHOTO, two=VOICE))
    await chen.presses(f"set_round:{scene.canteen.id}:voice_days")
    await chen.walks(
        ("400", "from 1 to 365"), ("7", "From when?"), ("From now on", "Voice notes are kept for 7 days.")
    )
    await a_concern(scene)
    case = await Case.get()
    for kind, ref in ((Kind.PHOTO, "one"), (Kind.VOICE, "two")):
        await lin.presses(f"case_file:{case.id}")
        await lin.sends(kind, file=ref)
    await fetch.step()
    await house.at("2026-12-01 09:00")
    assert await File.filter(sealed__not_isnull=True).count() == 2
    await house.at("2026-12-01 10:00")
    (left,) = await File.filter(sealed__not_isnull=True)
    assert left.kind is FileKind.PHOTO
    await house.at("2026-12-24 10:00")
    assert await File.filter(sealed__not_isnull=True).count() == 0
    assert await File.all().count() == 2, "that there was something stays on record"


def test_files_are_known_by_their_first_bytes_and_lose_their_place() -> None:
    assert type_of(PHOTO) == "image/jpeg"
    assert type_of(VOICE) == "audio/ogg"
    assert type_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert type_of(b"\x00\x00\x00\x1cftypM4A ....") == "audio/mp4"
    for other in (b"", b"<svg onload=x>", b"<html>", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00AVI "):
        assert type_of(other) is None
    assert without_place(PHOTO) == PICTURE
    for other in (VOICE, b"\xff\xd8", b"\xff\xd8\xff", PHOTO[:9], b""):
        assert without_place(without_place(other)) == without_place(other)


LANGUAGES = {
    "en": ("Add a photo or a voice note", "for 90 days", "Voice note 1", "Delete it", "no longer kept"),
    "zh_Hans": ("加照片或语音", "90天后删除", "语音1", "删掉", "已经不在了"),
    "zh_Hant": ("加照片或語音", "90天後刪除", "語音1", "刪掉", "已經不在了"),
    "es": ("Añadir una foto o una nota de voz", "90 días y después se borra", "Nota de voz 1", "Borrarlo",
           "ya no se conserva"),
}  # fmt: skip


@ONE_ENGINE
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_voice_note_in_each_language(scene: Scene, language: str) -> None:
    lin, chen = scene.lin, scene.chen
    add, kept, look, delete, gone = LANGUAGES[language]
    await a_concern(scene)
    await Person.all().update(language=language)
    await lin.presses(f"case_file:{(await Case.get()).id}")
    assert add not in lin.last.text
    await lin.sends(Kind.VOICE, file="two")
    assert kept in lin.last.text
    await fetcher(scene, Shelf(scene.house.wire, two=VOICE)).step()
    await chen.taps(look)
    assert chen.last.file is not None
    assert chen.last.buttons[0] == delete
    file = await File.get()
    await File.remove(file.id, await chen.person(), scene.house.now)
    assert gone in (await chen.presses(f"file:{file.id}"))[-1].text
