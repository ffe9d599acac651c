"""Registering a senior, as families and coordinators live it."""

from __future__ import annotations

import itertools

import pytest

from bot.channels import Kind
from models.audit import AuditEvent
from models.people import Person, Role
from models.seniors import Agreed, Consent, Kinship, Mode, Senior, Status
from tests.fixtures_database import ONE_ENGINE
from tests.handlers.intake import DINE_IN, WANG, gives, has_registered, is_at, pending, picks, registers
from tests.house import House

TWELVE = 12
LANGUAGES = ("en", "zh-CN", "zh-TW", "es")


@ONE_ENGINE
async def test_a_family_registers_its_mother_and_the_coordinator_gets_her_card(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await mei.walks(
        ("/register", "Whom would you like to register"),
        ("Wang Guifen, 1941, Grandma Wang", "On which phone number can we reach Grandma Wang"),
        ("021 5555 0101", "Where would Grandma Wang like to have lunch"),
        ("5 Ping'an Lane, building 3, door 201", "at the door of Grandma Wang"),
        ("Ring long, she hears badly.\nAsk Mrs Li at 302.", "On which days"),
        ("Wed", "On which days"),
        ("Done", "special diet"),
        ("low salt", "special diet"),
        ("Done", "How soft"),
        ("soft, cut into small pieces", "allergic"),
        ("peanuts", "allergic"),
        ("Done", "Whom else may we call"),
        ("Li Ming, her son, 139 1234 5678", "live alone"),
        ("Yes, alone", "personally agree"),
        ("Yes, agreed", "Is everything right?"),
    )
    for fact in (
        "Wang Guifen, born 1941. We say: Grandma Wang",
        "brought home, Wed",
        "5 Ping'an Lane, building 3, door 201",
        "If nobody opens: Ask Mrs Li at 302.",
        "low salt and soft, cut into small pieces",
        "Must not get: peanuts",
        "Li Ming, +8613912345678",
    ):
        assert fact in mei.last.text
    assert not await Senior.all().exists()
    await mei.walks(("Yes, send it", "The coordinator will look at it today"))
    senior = await Senior.get()
    assert (senior.name, senior.called, senior.born) == ("Wang Guifen", "Grandma Wang", 1941)
    assert (senior.mode, senior.weekdays, senior.status) == (Mode.DELIVERY, 0b100, Status.ENQUIRY)
    assert "A1 · Wang Guifen, born 1941" in chen.last.text
    assert "Waits for your answer" in chen.last.text
    assert chen.last.buttons == ["Accept", "Ask", "Decline"]
    assert await AuditEvent.filter(act="shown", about=f"card of senior {senior.id}").count() == 1


@ONE_ENGINE
async def test_the_longest_way_has_twelve_questions(house: House) -> None:
    first = await house.canteen("Ping'an Lane")
    await house.canteen("Bridge Street")
    wu = house.stranger()
    asked = await registers(wu, {**WANG, "canteen": f">{first.id}"}, until="sure")
    assert len(asked) == TWELVE, asked
    assert (
        len(await registers(house.stranger("Bo"), {**DINE_IN, "canteen": f">{first.id}"}, until="sure"))
        == TWELVE
    )


@ONE_ENGINE
async def test_with_one_canteen_nobody_is_asked_which(house: House) -> None:
    await house.canteen()
    assert "canteen" not in await registers(house.stranger())


@ONE_ENGINE
async def test_who_comes_to_the_canteen_is_not_asked_about_the_door(house: House) -> None:
    await house.canteen()
    mei = await house.family()
    asked = await registers(mei, DINE_IN)
    assert "address" in asked
    assert "door" not in asked
    senior = await Senior.get()
    home = await senior.residence_on(senior.registered_at.date())
    assert senior.mode is Mode.DINE_IN
    assert home is not None
    assert (home.address, home.knock, home.plan) == ("5 Ping'an Lane, building 3, door 201", None, None)


@ONE_ENGINE
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_whole_registration_works_in_every_language(house: House, language: str) -> None:
    await house.canteen()
    chen = await house.coordinator(language=language)
    mei = house.phone("Mei", language)
    await registers(mei)
    senior = await Senior.get()
    assert senior.weekdays == 0b11111
    diet = await senior.diet_on(senior.registered_at.date())
    assert diet is not None
    assert (diet.labels, diet.texture, diet.allergies) == (["low_salt"], "soft", ["fish", "peanuts"])
    assert "Wang Guifen" in chen.last.text
    await chen.presses(f"senior_yes:{senior.id}")
    assert (await Senior.get()).status is Status.ACTIVE
    english = ("Please", "lunch", "Lunch", "Done", "Back", "Grandma Wang has")
    said = [part for phone in (mei, chen) for m in phone.heard for part in (m.text, *m.buttons)]
    assert any(word in part for part in said for word in english) is (language == "en")


@ONE_ENGINE
@pytest.mark.parametrize(
    ("language", "given"),
    [
        ("zh-CN", {"who": "王桂芬，1941年生，王奶奶", "contact": "李明，儿子，139 1234 5678"}),
        ("zh-TW", {"who": "王桂芬、民國30年、王奶奶", "contact": "李明、兒子、+886 912 345 678"}),
        ("es", {"who": "Guadalupe Wang (1941), doña Lupe", "contact": "Luis, su hijo, +34 612 345 678"}),
    ],
)
async def test_names_are_read_as_people_write_them(
    house: House, language: str, given: dict[str, str]
) -> None:
    await house.canteen()
    await registers(house.phone("Mei", language), {**WANG, **given})
    senior = await Senior.get()
    assert senior.born == 1941
    assert senior.called in ("王奶奶", "doña Lupe")
    assert senior.name in ("王桂芬", "Guadalupe Wang")
    contact = (await Kinship.of(senior))[-1]
    assert contact.person.name in ("李明", "Luis")
    assert contact.relation in ("儿子", "兒子", "su hijo")


@ONE_ENGINE
async def test_back_works_at_every_question(house: House) -> None:
    await house.canteen()
    mei = await house.family()
    await mei.says("/register")
    keys = [key for key in WANG if key != "sure"]
    for before, key in itertools.pairwise([*keys, "sure"]):
        await gives(mei, WANG[before])
        assert (open_ := await pending(mei)) is not None
        assert open_.pending == key
        await mei.says("/back")
        assert (open_ := await pending(mei)) is not None
        assert open_.pending == before
        await gives(mei, WANG[before])
    await gives(mei, ">yes")
    assert (await Senior.get()).name == "Wang Guifen"


async def test_cancel_leaves_nothing_behind(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await is_at(mei, "agreed")
    await gives(mei, ">yes")
    before = (await Person.all().count(), len(chen.heard))
    await mei.taps("Cancel")
    assert await pending(mei) is None
    assert not await Senior.all().exists()
    assert (await Person.all().count(), len(chen.heard)) == before


@ONE_ENGINE
async def test_any_answer_can_be_changed_from_the_summary(house: House) -> None:
    await house.canteen()
    mei = await house.family()
    await is_at(mei, "agreed")
    await gives(mei, ">yes")
    await mei.taps("Change an answer")
    labels = [label for label in mei.last.buttons if label not in ("Back", "Cancel")]
    assert len(labels) == len(WANG) - 1
    await mei.taps("Name and year of birth")
    await mei.says("Wang Guifang, 1940")
    assert "Wang Guifang, born 1940" in mei.last.text
    await mei.taps("Change an answer")
    await mei.walks(
        ("Where lunch is had", "Where would"),
        ("At the canteen", "Where does Wang Guifang live?"),
        ("7 Ping'an Lane", "Is everything right?"),
    )
    assert "at the canteen" in mei.last.text
    assert "At the door" not in mei.last.text
    await mei.taps("Yes, send it")
    senior = await Senior.get()
    assert (senior.name, senior.mode) == ("Wang Guifang", Mode.DINE_IN)


@ONE_ENGINE
async def test_a_tap_that_is_delivered_twice_registers_once(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await is_at(mei, "sure")
    open_ = await pending(mei)
    assert open_ is not None
    for _again in range(2):
        await mei.presses(f"q:{open_.id}:sure:yes", event="the same tap")
    assert await Senior.all().count() == 1
    assert len([message for message in chen.heard if "Wang Guifen" in message.text]) == 1
    await mei.presses(f"q:{open_.id}:sure:yes")
    assert await Senior.all().count() == 1


@ONE_ENGINE
async def test_a_stranger_becomes_family_by_registering(house: House) -> None:
    await house.canteen()
    chen = await house.coordinator()
    wu = house.stranger()
    await registers(wu)
    assert Role.FAMILY in await (await wu.person()).roles()
    assert "status" in wu.menu
    assert "Follows by chat: Wu, no number yet" in chen.last.text
    await wu.walks(
        ("Leave my phone number", "What is your name?"),
        ("Wu Xiaohong", "On which phone number"),
        ("138 0000 1111", "We will call you on +8613800001111"),
    )
    assert "Follows by chat: Wu Xiaohong, +8613800001111" in chen.last.text


@ONE_ENGINE
async def test_the_coordinator_registers_someone_without_a_phone(house: House) -> None:
    await house.canteen()
    chen, zhou = await house.coordinator(), await house.coordinator("Mr Zhou")
    await registers(chen, {**WANG, "phone": ">none", "contact": ">none", "agreed": ">not_asked"})
    senior = await Senior.get()
    assert senior.phone is None
    assert await Kinship.of(senior) == []
    assert "No phone" in zhou.last.text
    assert "In person: not asked yet" in chen.last.text
    await chen.taps("Accept")
    assert (await Senior.get()).status is Status.OWN_YES
    await chen.taps("Has said yes in person")
    assert (await Senior.get()).status is Status.ACTIVE
    assert await Consent.given(senior.id) is Agreed.YES


# -------------------------------------------------------------------------------------- registered twice


@ONE_ENGINE
async def test_a_stranger_learns_nothing_from_registering_a_known_senior(house: House) -> None:
    await house.canteen()
    chen, mei, wu = await house.coordinator(), await house.family(), house.stranger()
    await has_registered(mei)
    await registers(wu, {**WANG, "phone": ">none"})
    assert wu.last.text.startswith("Thank you. The coordinator will look at it today")
    assert await Senior.all().count() == 1
    assert Role.FAMILY not in await (await wu.person()).roles()
    assert "Wu would like to register Grandma Wang, who is on the list already as A1" in chen.last.text


@ONE_ENGINE
async def test_the_coordinator_lets_the_second_relative_follow(house: House) -> None:
    await house.canteen()
    chen, mei, wu = await house.coordinator(), await house.family(), house.stranger()
    await has_registered(mei)
    await registers(wu)
    await chen.taps("Yes, let them follow")
    assert "you can ask me about lunch at any time" in wu.last.text
    assert await Senior.followed_by(await wu.person()) == [await Senior.get()]


@ONE_ENGINE
async def test_the_coordinator_says_no_and_the_stranger_still_learns_nothing(house: House) -> None:
    await house.canteen()
    chen, mei, wu = await house.coordinator(), await house.family(), house.stranger()
    await has_registered(mei)
    await registers(wu)
    await chen.taps("No, they don't")
    assert "Please call" in wu.last.text
    assert "Wang" not in wu.last.text
    assert await Senior.followed_by(await wu.person()) == []


@ONE_ENGINE
async def test_those_who_may_know_it_hear_that_the_senior_is_on_the_list(house: House) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei)
    await has_registered(mei)
    assert "Grandma Wang is registered already" in mei.last.text
    await has_registered(chen)
    assert "on the list already, as A1" in chen.last.text
    assert await Senior.all().count() == 1


# --------------------------------------------------------------------------------------- unreadable answers

NOT_AN_ANSWER = {
    "who": ["Wang Guifen", "1941", "1841, Wang", "🙂🙂 1941", "Wang Guifen, born 1941 or 1942"],
    "phone": ["12", "she has one", "🙂", "<b>139</b>"],
    "where": ["1x", "home", "yes", "🙂"],
    "contact": ["139 1234 5678", "Li Ming", "🙂 139 1234 5678"],
    "texture": ["anything", "9"],
    "alone": ["perhaps"],
    "agreed": ["ask her"],
}


@ONE_ENGINE
@pytest.mark.parametrize("key", [key for key in WANG if key != "sure"])
async def test_what_cannot_be_read_is_asked_again_with_a_sentence_that_helps(house: House, key: str) -> None:
    await house.canteen()
    mei = await house.family()
    keys = list(WANG)
    if key == keys[0]:
        await mei.says("/register")
    else:
        before = keys[keys.index(key) - 1]
        await is_at(mei, before)
        await gives(mei, WANG[before])
    question = mei.last.text
    for unreadable in [*NOT_AN_ANSWER.get(key, []), "x" * 10_000, " \u200e "]:
        await mei.says(unreadable)
        assert question in mei.last.text
        assert mei.last.text != question or not unreadable.strip(" \u200e")
    for kind in (Kind.PHOTO, Kind.STICKER, Kind.VOICE, Kind.DOCUMENT):
        await mei.sends(kind)
        assert question in mei.last.text
    open_ = await pending(mei)
    assert open_ is not None
    assert open_.pending == key
    await gives(mei, WANG[key])
    open_ = await pending(mei)
    assert open_ is not None
    assert open_.pending == keys[keys.index(key) + 1]


@ONE_ENGINE
@pytest.mark.parametrize(
    "name",
    [
        "<b>Wang</b> & {name}",
        "{0} {called!r} %s",
        "وانغ غويفن",
        "Wang 🌸 Guifen",
        "O'Brien-José",
        "*Wang* _Gui_ [x](y)",
    ],
)
async def test_a_name_is_kept_and_said_as_it_was_written(house: House, name: str) -> None:
    await house.canteen()
    chen, mei = await house.coordinator(), await house.family()
    await has_registered(mei, {**WANG, "who": f"{name}, 1941, {name}"})
    senior = await Senior.get()
    assert (senior.name, senior.called) == (name, name)
    assert name in chen.last.text
    await chen.taps("Accept")
    assert name in mei.last.text


@ONE_ENGINE
async def test_an_old_button_answers_nothing_today(house: House) -> None:
    await house.canteen()
    mei = await house.family()
    await is_at(mei, "alone")
    open_ = await pending(mei)
    assert open_ is not None
    await mei.presses(f"q:{open_.id}:texture:pureed")
    assert "earlier question" in "\n".join(message.text for message in mei.heard[-2:])
    await registers(mei)
    diet = await (await Senior.get()).diet_on((await Senior.get()).registered_at.date())
    assert diet is not None
    assert diet.texture == "soft"


@ONE_ENGINE
async def test_a_form_survives_another_command_in_its_middle(house: House) -> None:
    await house.canteen()
    mei = await house.family()
    await is_at(mei, "labels")
    await mei.says("/help")
    open_ = await pending(mei)
    assert open_ is not None
    assert open_.pending == "labels"
    await picks(mei, "+halal")
    await registers(mei, {**WANG, "labels": []})
    diet = await (await Senior.get()).diet_on((await Senior.get()).registered_at.date())
    assert diet is not None
    assert diet.labels == ["halal"]
