"""Telegram's updates as ours: what each becomes, and that nothing makes the codec fail."""

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels import Kind, Update
from bot.channels.telegram.codec import read

ANN: dict[str, Any] = {
    "id": 7001,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "Li",
    "language_code": "zh-hans",
}
HOME = {"id": 7001, "type": "private", "first_name": "Ann"}
GROUP = {"id": -500, "type": "group", "title": "Round 2"}
BOT = {"id": 1, "is_bot": True, "first_name": "Canteen", "username": "canteen_bot"}
RIGHTS = dict.fromkeys(
    (
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
        "can_post_stories", "can_edit_stories", "can_delete_stories",
    ),
    False,
)  # fmt: skip
LIMITS = dict.fromkeys(
    (
        "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
        "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
        "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages",
        "can_manage_topics", "can_react_to_messages", "can_edit_tag",
    ),
    True,
)  # fmt: skip
FILE = {"file_id": "F1", "file_unique_id": "u1", "file_size": 10}
STICKER = FILE | {
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
    "emoji": "👍",
}


def message(**content: Any) -> dict[str, Any]:
    """Build the update of a private message."""
    return {"update_id": 42, "message": {"message_id": 9, "date": 1, "chat": HOME, "from": ANN} | content}


def press(**query: Any) -> dict[str, Any]:
    """Build the update of a tap."""
    below = {"message_id": 9, "date": 1, "chat": HOME, "from": BOT, "text": "Well?"}
    tap = {"id": "Q1", "from": ANN, "message": below, "chat_instance": "c", "data": "yes:1"}
    return {"update_id": 43, "callback_query": tap | query}


def membership(chat: dict[str, Any], was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Build the update of what became of the bot in a chat."""
    change = {"chat": chat, "from": ANN, "date": 1}
    return {
        "update_id": 44,
        "my_chat_member": change
        | {"old_chat_member": {"user": BOT} | was, "new_chat_member": {"user": BOT} | now},
    }


MEMBER, LEFT = {"status": "member"}, {"status": "left"}
KICKED = {"status": "kicked", "until_date": 0}
ADMIN = {"status": "administrator"} | RIGHTS
MUTED = {"status": "restricted", "is_member": True, "until_date": 0} | LIMITS

EVERY_KIND = {
    "text": (message(text="Hello"), Kind.TEXT),
    "contact": (
        message(contact={"phone_number": "85291", "first_name": "Ann", "user_id": 7001}),
        Kind.CONTACT,
    ),
    "location": (message(location={"longitude": 113.5, "latitude": 22.25}), Kind.LOCATION),
    "photo": (message(photo=[FILE | {"width": 1, "height": 1}], caption="The door"), Kind.PHOTO),
    "voice": (message(voice=FILE | {"duration": 3}), Kind.VOICE),
    "document": (message(document=FILE, caption="List"), Kind.DOCUMENT),
    "audio": (message(audio=FILE | {"duration": 3}), Kind.DOCUMENT),
    "video": (message(video=FILE | {"duration": 3, "width": 1, "height": 1}), Kind.DOCUMENT),
    "video note": (message(video_note=FILE | {"duration": 3, "length": 1}), Kind.DOCUMENT),
    "sticker": (message(sticker=STICKER), Kind.STICKER),
    "dice": (message(dice={"emoji": "🎲", "value": 1}), Kind.STICKER),
    "press": (press(), Kind.PRESS),
    "blocked": (membership(HOME, MEMBER, KICKED), Kind.BLOCKED),
    "unblocked": (membership(HOME, KICKED, MEMBER), Kind.UNBLOCKED),
    "joined": (membership(GROUP, LEFT, ADMIN), Kind.JOINED),
    "joined, muted": (membership(GROUP, LEFT, MUTED), Kind.JOINED),
    "left": (membership(GROUP, MEMBER, KICKED), Kind.LEFT),
    "migrated": (message(chat=GROUP, migrate_to_chat_id=-1001), Kind.MIGRATED),
    "edited": (
        {"update_id": 45, "edited_message": message(text="Hi", edit_date=2)["message"]},
        Kind.EDITED,
    ),
}


@pytest.mark.parametrize(("raw", "kind"), EVERY_KIND.values(), ids=EVERY_KIND.keys())
def test_each_published_update_is_of_its_kind(raw: dict[str, Any], kind: Kind) -> None:
    update = read(raw)
    assert update.kind is kind
    assert update.event == str(raw["update_id"])


def test_a_text_carries_who_wrote_it_and_where() -> None:
    assert read(message(text="Hello")) == Update(
        "telegram",
        "42",
        Kind.TEXT,
        sender="7001",
        place="7001",
        text="Hello",
        message="9",
        name="Ann Li",
        language="zh-hans",
    )


def test_a_press_carries_its_button_its_message_and_what_to_answer() -> None:
    update = read(press())
    assert (update.data, update.message, update.ack, update.private) == ("yes:1", "9", "Q1", True)


def test_a_press_below_a_message_too_old_to_be_seen_still_counts() -> None:
    update = read(press(message={"message_id": 9, "date": 0, "chat": GROUP}))
    assert (update.kind, update.message, update.place) == (Kind.PRESS, "9", "-500")


def test_a_press_without_data_is_unknown_but_answered() -> None:
    update = read(press(data=None, game_short_name="chess"))
    assert (update.kind, update.ack) == (Kind.UNKNOWN, "Q1")


def test_the_largest_photo_is_taken() -> None:
    sizes = [FILE | {"file_id": name, "width": 1, "height": 1} for name in ("small", "large")]
    assert read(message(photo=sizes)).file == "large"


def test_a_location_is_rounded_to_a_metre() -> None:
    assert read(message(location={"longitude": -0.1276474, "latitude": 51.5})).text == "geo:51.50000,-0.12765"


@pytest.mark.parametrize(
    ("number", "user", "heard"),
    [
        ("85291234567", 7001, "+85291234567"),
        ("+85291234567", 7001, "+85291234567"),
        ("29 1234", None, "29 1234"),
        ("29 1234", 555, "29 1234"),
    ],
)
def test_only_ones_own_number_is_known_to_be_international(number: str, user: int | None, heard: str) -> None:
    contact = {"phone_number": number, "first_name": "B"} | ({"user_id": user} if user else {})
    assert read(message(contact=contact)).text == heard


@pytest.mark.parametrize(
    ("written", "kind", "text"),
    [
        ("/status@canteen_bot A17", Kind.TEXT, "/status A17"),
        ("/status@Canteen_Bot", Kind.TEXT, "/status"),
        ("/status@another_bot", Kind.UNKNOWN, ""),
        ("/status", Kind.TEXT, "/status"),
        ("write to ann@example.org", Kind.TEXT, "write to ann@example.org"),
    ],
)
def test_a_command_in_a_group_is_ours_only_under_our_name(written: str, kind: Kind, text: str) -> None:
    update = read(message(chat=GROUP, text=written), "canteen_bot")
    assert (update.kind, update.text) == (kind, text)


def test_a_command_says_in_which_group_also_where_an_administrator_gives_no_name() -> None:
    named = read(message(chat=GROUP, text="/bind@canteen_bot x"), "canteen_bot")
    assert (named.sender, named.place, named.title) == ("7001", "-500", "Round 2")
    anonymous = {"chat": GROUP, "sender_chat": GROUP, "from": BOT}
    nameless = read(message(text="/bind@canteen_bot x", **anonymous), "canteen_bot")
    assert (nameless.kind, nameless.text, nameless.sender) == (Kind.TEXT, "/bind x", "")
    assert (nameless.place, nameless.title, nameless.name) == ("-500", "Round 2", "")
    assert read(message(photo=[FILE | {"width": 1, "height": 1}], **anonymous)).kind is Kind.UNKNOWN
    channel = {"id": -100777, "type": "channel", "title": "News"}
    assert read(message(chat=GROUP, sender_chat=channel, text="/bind x")).kind is Kind.UNKNOWN


def test_a_group_that_moves_says_where_to() -> None:
    update = read(message(chat=GROUP, migrate_to_chat_id=-1001234567890))
    assert (update.place, update.text) == ("-500", "-1001234567890")


@pytest.mark.parametrize(("was", "now"), [(MEMBER, ADMIN), (ADMIN, MEMBER), (LEFT, KICKED)])
def test_a_change_of_rights_is_no_joining_and_no_leaving(was: dict[str, Any], now: dict[str, Any]) -> None:
    assert read(membership(GROUP, was, now)).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "content",
    [
        {"text": "x", "from": BOT},
        {"text": "x", "sender_chat": GROUP},
        {"new_chat_title": "Volunteers"},
        {},
    ],
)
def test_what_nobody_said_is_unknown(content: dict[str, Any]) -> None:
    update = read(message(**content))
    assert (update.kind, update.event) == (Kind.UNKNOWN, "42")


def test_a_part_that_is_never_read_cannot_spoil_a_message() -> None:
    update = read(message(text="Nobody opens", reply_to_message={"nonsense": 1}, poll=[], via_bot="?"))
    assert (update.kind, update.text) == (Kind.TEXT, "Nobody opens")


def test_what_no_database_can_hold_is_replaced() -> None:
    assert read(message(text=json.loads(r'"a\u0000b\ud83dc"'))).text == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    "raw", [None, 1, "x", [], {}, {"message": {}}, {"update_id": None}, {"update_id": True}]
)
def test_without_an_id_there_is_no_event(raw: object) -> None:
    assert read(raw) == Update("telegram", "", Kind.UNKNOWN)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def spots(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths to everything inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, part in inside for path in [(*at, key), *spots(part, (*at, key))]]


@st.composite
def mutilated(draw: st.DrawFn) -> Any:
    """Draw a published update with some of its parts replaced by junk or torn out."""
    raw = copy.deepcopy(draw(st.sampled_from([raw for raw, _ in EVERY_KIND.values()])))
    for _ in range(draw(st.integers(1, 4))):
        paths = spots(raw)
        if not paths:
            break
        *way, last = draw(st.sampled_from(paths))
        part = raw
        for key in way:
            part = part[key]
        if draw(st.booleans()):
            part[last] = draw(JUNK)
        else:
            del part[last]
    return raw


@pytest.mark.fuzz
@given(mutilated() | JUNK)
@example({"update_id": 10**400, "message": {"date": 10**400}})
@example(message(location={"longitude": float("nan"), "latitude": float("inf")}))
@example(message(text="x", date=10**20))
@example({"update_id": 1, "message": {"chat": []}})
def test_no_mutilated_update_makes_the_codec_fail(raw: Any) -> None:
    before = copy.deepcopy(raw)
    update = read(raw, "canteen_bot")
    assert repr(raw) == repr(before), "the raw update is left as it was"
    if update.kind is not Kind.UNKNOWN:
        assert update.event
        assert update.sender or update.kind is Kind.MIGRATED
        assert update.place
    for words in (update.event, update.sender, update.place, update.text, update.data, update.message,
                  update.file, update.name, update.language, update.ack):  # fmt: skip
        assert isinstance(words, str)
        assert "\x00" not in words
        words.encode()
