"""The page in a real browser: nothing lost, nothing twice, whatever the network does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels import Kind, Letter, Update
from tests.webchat.browser import Reader
from tests.webchat.house import House, letters

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("db_url", ["sqlite"], indirect=True),
]


async def echo(house: House) -> None:
    async def answer(update: Update) -> None:
        await house.say(update.sender, f"Heard: {update.text or update.data}")

    house.answer = answer


async def test_a_person_writes_and_is_answered(house: House, reader: Reader) -> None:
    await echo(house)
    await reader.write("Good morning")
    await reader.sees("Heard: Good morning")
    await reader.quiet()
    assert await reader.bubbles() == ["Good morning", "Heard: Good morning"]
    assert house.heard[0].language == "en-GB"


async def test_a_code_in_the_address_is_used_when_the_person_says_so(house: House, reader: Reader) -> None:
    await reader.open(f"{house.url}/chat/?start=K7Q_2-x")
    await reader.page.reload()
    await reader.connected()
    assert house.heard == []
    await reader.page.click("#begin")
    await house.hears(1)
    await reader.quiet()
    assert house.heard[0].text == "/start K7Q_2-x"
    assert reader.page.url == f"{house.url}/chat/"
    assert await reader.page.is_hidden("#begin")
    await reader.page.reload()
    await reader.connected()
    assert len(house.heard) == 1


async def test_a_button_shows_that_it_was_pressed_and_the_card_changes_in_place(
    house: House, reader: Reader
) -> None:
    address = await house.address()
    await house.say(
        address, "Who eats on Friday?", [[("Mother", "f:1"), ("Father", "f:2")], [("Nobody", "f:0")]]
    )
    await reader.sees("Who eats on Friday?")
    await reader.page.click("text=Father")
    await house.hears(1)
    await reader.page.wait_for_selector(".key.chosen:has-text('Father'):has-text('Your choice')")
    assert (house.heard[0].kind, house.heard[0].data) == (Kind.PRESS, "f:2")
    await house.say(address, "Friday: Father", [[("Change", "f:x")]], edits=house.heard[0].message)
    await reader.sees("Friday: Father")
    assert await reader.bubbles() == ["Friday: Father"]


async def test_what_is_done_without_a_network_is_brought_later_in_order_and_once(
    house: House, reader: Reader
) -> None:
    await house.say(await house.address(), "Stop 4", [[("Handed over", "stop:4")]])
    await reader.sees("Stop 4")
    await reader.page.context.set_offline(True)
    await reader.page.wait_for_selector("#state[data-state=offline]")
    await reader.write("I am in the stairwell")
    await reader.page.click("text=Handed over")
    await reader.write("Fifth floor")
    tapped = datetime.now(UTC)
    await reader.page.wait_for_selector(".key .turning")
    assert house.heard == []
    await asyncio.sleep(1.5)  # the time that passes is what is tested
    await reader.page.context.set_offline(False)
    await house.hears(3)
    await reader.quiet()
    assert [update.text or update.data for update in house.heard] == [
        "I am in the stairwell",
        "stop:4",
        "Fifth floor",
    ]
    for update in house.heard:
        assert update.at is not None
        assert abs(update.at - tapped) < timedelta(seconds=1.4)
    assert house.repeats == 0
    assert await reader.bubbles() == ["Stop 4", "I am in the stairwell", "Fifth floor"]


async def test_a_restart_of_the_house_loses_and_repeats_nothing(house: House, reader: Reader) -> None:
    await echo(house)
    await reader.write("Before")
    await reader.sees("Heard: Before")
    await house.stop()
    await reader.page.wait_for_selector("#state:not([data-state=online])")
    await reader.write("During")
    await reader.page.reload()
    await reader.sees("During")
    await reader.sees("Heard: Before")
    await reader.write("Also during")
    await house.start()
    await reader.sees("Heard: Also during")
    await reader.quiet()
    assert [update.text for update in house.heard] == ["Before", "During", "Also during"]
    wanted = ["Before", "Heard: Before", "During", "Heard: During", "Also during", "Heard: Also during"]
    assert await reader.bubbles() == wanted
    await reader.page.reload()
    await reader.connected()
    assert await reader.bubbles() == wanted


async def test_words_that_the_house_cannot_take_yet_are_brought_again(house: House, reader: Reader) -> None:
    house.busy = 2
    await reader.write("One")
    await reader.write("Two")
    await house.hears(2)
    await reader.quiet()
    assert [update.text for update in house.heard] == ["One", "Two"]
    assert await reader.bubbles() == ["One", "Two"]


async def test_two_windows_of_one_browser_show_one_conversation(house: House, reader: Reader) -> None:
    other = Reader(await reader.page.context.new_page())
    await other.open(f"{house.url}/chat/")
    await reader.write("From here")
    await other.sees("From here")
    await other.write("From there")
    await reader.sees("From there")
    await reader.quiet()
    await other.quiet()
    assert await reader.bubbles() == await other.bubbles() == ["From here", "From there"]
    assert (len(house.heard), other.errors) == (2, [])


async def test_another_phone_in_the_same_browser_is_another_person(house: House, reader: Reader) -> None:
    other = Reader(await reader.page.context.new_page())
    await other.open(f"{house.url}/chat/volunteer/")
    await reader.write("Mine")
    await other.write("Yours")
    await house.hears(2)
    await other.quiet()
    assert await other.bubbles() == ["Yours"]
    assert len({update.sender for update in house.heard}) == 2


async def test_what_came_while_reading_above_waits_behind_a_chip(house: House, reader: Reader) -> None:
    address = await house.address()
    for number in range(30):
        await house.say(address, f"Message {number}")
    await reader.sees("Message 29")
    await reader.page.evaluate("document.getElementById('scroll').scrollTo(0, 0)")
    await reader.page.wait_for_selector("#newest:not([hidden])")
    await house.say(address, "Something new")
    await reader.page.wait_for_selector("#newest:has-text('New messages · 1')")
    assert await reader.page.evaluate("document.getElementById('scroll').scrollTop") == 0
    await reader.page.click("#newest")
    await reader.page.wait_for_selector("#newest", state="hidden")
    assert await reader.page.locator("text=Something new").is_visible()


async def test_what_came_while_the_page_was_closed_stands_below_a_line(house: House, reader: Reader) -> None:
    address = await house.address()
    await house.say(address, "Old")
    await reader.sees("Old")
    await reader.page.wait_for_timeout(500)  # it is seen, and the page says so
    await reader.page.goto("about:blank")
    await house.say(address, "New")
    await reader.open(f"{house.url}/chat/")
    await reader.sees("New")
    assert await reader.page.locator(".row:has(.fresh) .words").all_text_contents() == ["New"]


async def test_older_messages_are_fetched_above(house: House, reader: Reader) -> None:
    address = await house.address()
    for number in range(130):
        await house.say(address, f"Message {number}")
    await reader.page.evaluate("indexedDB.deleteDatabase('canteen-chat-me')")
    await reader.page.goto("about:blank")
    await reader.open(f"{house.url}/chat/")
    await reader.sees("Message 129")
    assert len(await reader.bubbles()) == 100
    await reader.page.click("#older")
    await reader.sees("Message 0")
    assert await reader.bubbles() == [f"Message {number}" for number in range(130)]
    assert await reader.page.is_hidden("#older")


async def test_the_menu_offers_the_commands_and_typing_a_slash_finds_them(
    house: House, reader: Reader
) -> None:
    menu = [("skip", "Skip a lunch"), ("status", "Did they eat?"), ("help", "What I can do")]
    await house.chat.send(Letter(next(letters), await house.address(), commands=menu))
    await reader.page.click("#menu")
    await reader.page.click("#menu-sheet >> text=Did they eat?")
    await house.hears(1)
    await reader.page.fill("#say", "/s")
    assert await reader.page.locator("#menu-sheet button").all_inner_texts() == [
        "/skip Skip a lunch",
        "/status Did they eat?",
    ]
    await reader.page.press("#say", "ArrowDown")
    await reader.page.keyboard.press("Enter")
    await house.hears(2)
    assert [update.text for update in house.heard] == ["/status", "/skip"]
    assert await reader.page.input_value("#say") == ""


async def test_a_phone_number_and_a_place_are_shared_by_a_button(house: House, reader: Reader) -> None:
    address = await house.address()
    await house.say(address, "Your number, please", want="contact")
    await reader.page.click("text=Send my phone number")
    await reader.page.keyboard.type("+34 600 123 456")
    await reader.page.keyboard.press("Enter")
    await house.hears(1)
    await reader.page.context.grant_permissions(["geolocation"])
    await reader.page.context.set_geolocation({"latitude": 22.3193, "longitude": 114.1694})
    await house.say(address, "And where?", want="location")
    await reader.page.click("text=Send where I am")
    await house.hears(2)
    assert [(update.kind, update.text) for update in house.heard] == [
        (Kind.CONTACT, "+34 600 123 456"),
        (Kind.LOCATION, "geo:22.31930,114.16940"),
    ]
    await reader.sees("Where I am")


async def test_a_device_that_hides_where_it_is_is_helped(house: House, reader: Reader) -> None:
    await house.say(await house.address(), "Where?", want="location")
    await reader.page.click("text=Send where I am")
    await reader.page.wait_for_selector("#note:has-text('Please write the address instead.')")
    assert house.heard == []


async def test_the_page_changes_its_language_with_the_canteens(house: House, reader: Reader) -> None:
    await house.say(await house.address(), "明天见！", language="zh_Hant")
    await reader.page.wait_for_selector("html[lang=zh-Hant]")
    translated = await reader.page.evaluate(
        "JSON.parse(document.getElementById('told').textContent).words.zh_Hant"
    )
    assert await reader.page.get_attribute("#say", "placeholder") == translated["write"]
    assert await reader.page.inner_text("#state-words") == translated["online"]


async def test_peoples_words_are_never_markup_and_only_safe_links_can_be_followed(
    house: House, reader: Reader
) -> None:
    words = (
        '<img src=x onerror="document.title=1"> https://example.org/a_(b)?c=1. '
        f"javascript:alert(1) http://example.org/ {house.url}/chat/?start=K7Q {house.url}/healthz"
    )
    await house.say(await house.address(), words, bold=[(0, 4)])
    await reader.page.wait_for_selector(".text b:text-is('<img')")
    assert await reader.bubbles() == [words]
    links = await reader.page.evaluate(
        "[...document.querySelectorAll('.text a')].map((a) => [a.getAttribute('href'), a.rel, a.target])"
    )
    assert links == [
        ["https://example.org/a_(b)?c=1", "noopener noreferrer nofollow", "_blank"],
        [f"{house.url}/chat/?start=K7Q", "", ""],
    ]


async def test_commands_and_phone_numbers_in_the_canteens_words_can_be_tapped(
    house: House, reader: Reader
) -> None:
    words = "Tap /status, or /skip.（点：/menu） Ms Chen: +86 10 0000-00001, not 5/help nor /a/b nor +1."
    await house.say(await house.address(), words)
    await reader.sees(words)
    shown = (
        "[...document.querySelectorAll('.words :is(a, button)')].map((one) => one.href || one.textContent)"
    )
    assert await reader.page.evaluate(shown) == ["/status", "/skip", "/menu", "tel:+8610000000001"]
    await reader.page.click("text=/status")
    await reader.sees("/status")
    await reader.write("I typed /skip")
    await house.hears(2)
    assert [update.text for update in house.heard] == ["/status", "I typed /skip"]
    assert await reader.page.locator(".mine .words :is(a, button)").count() == 0


async def test_too_long_a_message_stays_in_the_field_with_a_word_of_help(
    house: House, reader: Reader
) -> None:
    await reader.write("x" * 10_001)
    await reader.page.wait_for_selector("#note:has-text('two parts')")
    assert len(await reader.page.input_value("#say")) == 10_001
    await reader.write("x" * 10_000)
    await house.hears(1)


async def test_a_draft_survives_a_reload(house: House, reader: Reader) -> None:
    await reader.page.fill("#say", "Dear canteen,")
    await reader.page.reload()
    await reader.connected()
    assert await reader.page.input_value("#say") == "Dear canteen,"
