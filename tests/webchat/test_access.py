"""The page for everyone: by keyboard, read aloud, in large letters, on a small screen."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels import Letter
from tests.webchat.browser import PHONE, Reader, chromium
from tests.webchat.house import House, letters

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("db_url", ["sqlite"], indirect=True),
]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2

# The luminance contrast of every text with the colour behind it (WCAG 2.2, 1.4.3).
CONTRAST = """() => {
    const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const colour = (text) => text.match(/[\\d.]+/g).map(Number);
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            const found = colour(getComputedStyle(element).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
    };
    const poor = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let seen = 0;
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const shown = element.checkVisibility() && !element.closest('.sr, .skip, script, button:disabled');
        if (!shown || !texts.currentNode.data.trim()) continue;
        seen += 1;
        const [a, b] = [light(colour(getComputedStyle(element).color)), light(behind(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push([texts.currentNode.data, Math.round(ratio * 100) / 100]);
    }
    return { seen, poor };
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll('button, input, textarea')]
    .filter((control) => control.checkVisibility() && !control.matches('.words *'))  // in a sentence: 2.5.8
    .map((control) => [control.id || control.textContent, control.getBoundingClientRect()])
    .filter(([, box]) => box.width < 48 || box.height < 48)
    .map(([name, box]) => [name, box.width, box.height])"""


async def furnish(house: House) -> None:
    """Put one of everything on the page."""
    address = await house.address()
    menu = Letter(next(letters), address, commands=[("skip", "Skip a lunch"), ("help", "What I can do")])
    await house.chat.send(menu)
    await house.say(address, "Good morning. https://example.org/menu", [[("Yes", "y"), ("No", "n")]])
    await house.say(address, "Nobody opened the door. Call +34 600 123 456 or tap /help.", urgent=True)
    await house.say(address, "May I have your number?", [[("Later", "later")]], want="contact")


async def test_everything_can_be_done_with_the_keyboard_alone(house: House, reader: Reader) -> None:
    page = reader.page
    await furnish(house)
    await reader.sees("May I have your number?")
    await page.click("h1")
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "say"
    await page.keyboard.type("Hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("there")
    await page.keyboard.press("Enter")
    await house.hears(1)
    assert await page.evaluate("document.activeElement.id") == "say"
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.id") == "menu"
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await house.hears(2)
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Later"
    await page.keyboard.press("Space")
    await house.hears(3)
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.type("600 123 456")
    await page.keyboard.press("Enter")
    await house.hears(4)
    await reader.quiet()
    assert [update.text or update.data for update in house.heard] == [
        "Hello\nthere",
        "/help",
        "later",
        "600 123 456",
    ]


async def test_the_keyboard_stays_where_it_was_when_a_card_changes(house: House, reader: Reader) -> None:
    address = await house.address()
    card = await house.say(address, "Stop 1", [[("Done", "done:1"), ("Nobody there", "none:1")]])
    await reader.sees("Stop 1")
    await reader.page.focus("button:has-text('Nobody there')")
    await house.say(address, "Stop 2", [[("Done", "done:2"), ("Nobody there", "none:1")]], edits=card)
    await reader.sees("Stop 2")
    assert await reader.page.evaluate("document.activeElement.dataset.key") == "none:1"
    await house.say(address, "The round is over", edits=card)
    await reader.sees("The round is over")
    assert "The round is over" in await reader.page.evaluate("document.activeElement.textContent")


async def test_the_page_says_what_everything_is(house: House, reader: Reader) -> None:
    await furnish(house)
    await reader.write("Thank you")
    await reader.quiet()
    told = await reader.page.locator("body").aria_snapshot()
    for said in (
        'heading "Canteen" [level=1]',
        "status: Connected",
        'button "Smaller letters"',
        'button "Larger letters"',
        'log "Messages"',
        'button "Yes"',
        "Canteen:",
        "Urgent:",
        "You:",
        "Received",
        'button "Send my phone number"',
        'button "Menu"',
        'textbox "Write a message"',
        'button "Send"',
        'link "Go to the writing field"',
    ):
        assert said in told, said
    ids = await reader.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


async def test_new_messages_are_read_aloud_but_neither_old_ones_nor_ones_own(
    house: House, reader: Reader
) -> None:
    address = await house.address()
    await house.say(address, "Old")
    await reader.sees("Old")
    await reader.page.reload()
    assert await reader.page.get_attribute("#scroll", "aria-live") == "off"
    await reader.page.wait_for_selector("#scroll[aria-live=polite]")
    await house.say(address, "The door stays shut", urgent=True)
    await reader.page.wait_for_selector(".row[role=alert]:has-text('The door stays shut')")
    await reader.write("I am coming")
    await reader.page.wait_for_selector(".row.mine[aria-live=off]:has-text('I am coming')")
    await reader.page.reload()
    await reader.sees("The door stays shut")
    assert await reader.page.locator(".row[role=alert]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_can_be_told_from_what_is_behind_it(house: House, scheme: Any) -> None:
    async with chromium() as browser:
        context = await browser.new_context(**PHONE, color_scheme=scheme)
        reader = Reader(await context.new_page())
        await reader.open(f"{house.url}/chat/?start=K7Q")
        found = await reader.page.evaluate(CONTRAST)
        assert found["poor"] == []
        await furnish(house)
        await reader.write("Thank you")
        await reader.page.click("text=Yes")
        await reader.page.wait_for_selector(".key.chosen")
        await reader.page.click("#menu")
        await reader.page.click("text=Send my phone number")
        await reader.page.context.set_offline(True)
        await reader.page.wait_for_selector("#state[data-state=offline]")
        await reader.write("x" * 10_001)
        found = await reader.page.evaluate(CONTRAST)
        assert found["poor"] == []
        assert found["seen"] > 20
        assert await reader.page.evaluate(SMALL_TARGETS) == []
        await context.close()


@pytest.mark.parametrize("width", [320, 480, 1280])
async def test_nothing_hangs_over_the_edge(house: House, reader: Reader, width: int) -> None:
    page = reader.page
    await page.set_viewport_size({"width": width, "height": 600})
    await furnish(house)
    await house.say(await house.address(), LONG, [[(LONG, "a"), ("B", "b"), ("C", "c")], [(LONG[:60], "d")]])
    await reader.write(LONG)
    await reader.quiet()
    for _ in range(4):
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await page.evaluate("document.getElementById('scroll').scrollWidth") <= width
        for box in await page.evaluate(
            "[...document.querySelectorAll('.bubble, .key, header *, footer *')].filter((one) => "
            "one.checkVisibility() && !one.matches('.sr')).map((one) => one.getBoundingClientRect().right)"
        ):
            assert box <= width
        await page.click("#larger", force=True)


async def test_letters_grow_and_the_choice_is_kept(house: House, reader: Reader) -> None:
    page = reader.page
    size = "parseFloat(getComputedStyle(document.getElementById('say')).fontSize)"
    assert await page.evaluate(size) == 18
    for _ in range(3):
        await page.click("#larger")
    assert await page.evaluate(size) == 30
    assert await page.is_disabled("#larger")
    await page.reload()
    assert await page.evaluate(size) == 30
    await page.click("#smaller")
    assert await page.evaluate(size) == 25


async def test_words_from_right_to_left_keep_their_direction(house: House, reader: Reader) -> None:
    await house.say(await house.address(), "صباح الخير", [[("نعم", "y")]])
    await reader.page.wait_for_selector(".text:has-text('صباح')")
    assert await reader.page.evaluate("getComputedStyle(document.querySelector('.text')).direction") == "rtl"


async def test_who_wants_calm_sees_nothing_move(house: House, reader: Reader) -> None:
    await house.say(await house.address(), "Hello")
    await reader.sees("Hello")
    assert await reader.page.evaluate("document.getAnimations().length") == 0


async def test_the_page_is_a_phone_in_a_frame_of_its_own_house(house: House, reader: Reader) -> None:
    await reader.page.goto(f"{house.url}/another-page")
    await reader.page.evaluate(
        """() => {
            const frame = document.createElement('iframe');
            Object.assign(frame, { src: '/chat/family/', width: 360, height: 640, id: 'phone' });
            document.body.append(frame);
        }"""
    )
    inside = reader.page.frame_locator("#phone")
    await inside.locator("#state[data-state=online]").wait_for()
    await inside.locator("#begin").click()
    await house.hears(1)
    assert house.heard[0].sender == await house.address("family")
