"""What people on Telegram do. Operations take and give plain JSON and bytes."""

from __future__ import annotations

from typing import Any

from tests.telegram_server import entities, files, keyboards
from tests.telegram_server.audience import Audience, Impossible
from tests.telegram_server.chats import Chat, Message
from tests.telegram_server.state import Press


class Stage(Audience):
    """Act for people."""

    def joins_telegram(self, wrote: bool, **user: Any) -> dict[str, Any]:
        """Create a user; `wrote`: the bot may write to them at once."""
        return self._world.add_user({name: value for name, value in user.items() if value}, wrote=wrote)

    def joins_as_crowd(self, count: int, language_code: str) -> list[dict[str, Any]]:
        """Create many users who have written to the bot before."""
        return [
            self.joins_telegram(wrote=True, first_name=f"Person {number}", language_code=language_code)
            for number in range(1, count + 1)
        ]

    def opens_group(self, title: str, members: list[int], supergroup: bool, with_bot: bool) -> dict[str, Any]:
        """Create a group."""
        bot = "member" if with_bot else "left"
        return self._world.add_group(title, members, supergroup=supergroup, bot=bot).public()

    def says(self, user: int, chat: int, text: str, reply_to: int | None = None) -> Message:
        """Write a message."""
        found = entities.find(text)
        content = {"text": text} | ({"entities": found} if found else {})
        return self._sends(user, chat, content, reply_to)

    def shares_contact(self, user: int, phone: str, of: int | None) -> Message:
        """Share a phone number: one's own, or that of someone in the address book."""
        owner = self._world.users[of or user]
        contact = {"phone_number": phone, "first_name": owner["first_name"], "user_id": owner["id"]}
        return self._sends(user, user, {"contact": contact})

    def shares_location(self, user: int, chat: int, latitude: float, longitude: float) -> Message:
        """Share where one is."""
        return self._sends(user, chat, {"location": {"latitude": latitude, "longitude": longitude}})

    def sends_photo(self, user: int, chat: int, content: bytes, caption: str) -> Message:
        """Send a picture."""
        stored = self._state.files.keep("photo", content, mime="image/jpeg")
        return self._sends(user, chat, {"photo": files.photo_sizes(stored), **_caption(caption)})

    def sends_voice(self, user: int, chat: int, content: bytes, duration: int) -> Message:
        """Send a voice message."""
        stored = self._state.files.keep("voice", content, mime="audio/ogg")
        return self._sends(
            user, chat, {"voice": stored.public() | {"duration": duration, "mime_type": stored.mime}}
        )

    def sends_document(
        self, user: int, chat: int, content: bytes, name: str, mime: str, caption: str
    ) -> Message:
        """Send a file."""
        stored = self._state.files.keep("document", content, name, mime)
        document = stored.public() | {"file_name": name, "mime_type": stored.mime}
        return self._sends(user, chat, {"document": document, **_caption(caption)})

    def sends_sticker(self, user: int, chat: int, emoji: str) -> Message:
        """Send a sticker."""
        stored = self._state.files.keep("sticker", emoji.encode(), mime="image/webp")
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._sends(user, chat, {"sticker": stored.public() | shape | {"emoji": emoji}})

    def sends(self, user: int, chat: int, content: dict[str, Any]) -> Message:
        """Send anything else, such as {"video_note": …}."""
        return self._sends(user, chat, content)

    def edits(self, user: int, chat: int, message_id: int, text: str) -> Message:
        """Change what one wrote."""
        place = self._place(user, chat)
        written = place.messages.get(message_id)
        if written is None or written["from"]["id"] != user:
            raise Impossible(f"{user} wrote no message {message_id} here")
        found = entities.find(text)
        kept = {name: value for name, value in written.items() if name != "entities"}
        edited = kept | {"text": text, "edit_date": int(self._state.clock.now())}
        if found:
            edited["entities"] = found
        place.add(edited, seen=False)
        self._listen(user, place)
        if self._bot_reads(place, edited):
            self._state.tell_message("edited_message", place, edited)
        return edited

    def starts(self, user: int, payload: str) -> Message:
        """Follow a deep link: press Start."""
        if payload and not keyboards.START_PAYLOAD.fullmatch(payload):
            raise Impossible(f"no deep link can carry {payload!r}: 1-64 of A-Z a-z 0-9 _ -")
        self.unblocks(user)
        return self.says(user, user, f"/start {payload}".strip())

    def presses(self, user: int, chat: int, button: str) -> dict[str, Any]:
        """Press a button by its label or its data, on the newest message that has it."""
        place = self._place(user, chat)
        seen = []
        for message in sorted(place.messages.values(), key=lambda each: -int(each["message_id"])):
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for offered in row:
                    if button in {offered["text"], offered.get("callback_data")}:
                        return self._press(user, place, message, offered)
                    seen.append(offered["text"])
        for row in (place.keyboard or {}).get("keyboard", ()):
            for offered in row:
                if offered["text"] == button:
                    return self._press_reply(user, place, offered)
                seen.append(offered["text"])
        raise Impossible(f"there is no button {button!r}; there are {seen}")

    def presses_data(self, user: int, chat: int, message_id: int, data: str) -> dict[str, Any]:
        """Press a button as it stood on a message once, even if it is changed or gone by now."""
        place = self._place(user, chat)
        return self._tap(user, place, place.messages.get(message_id), data, message_id)

    def blocks(self, user: int) -> None:
        """Block the bot."""
        self._stand(user, blocked=True)

    def unblocks(self, user: int) -> None:
        """Let the bot write again."""
        self._stand(user, blocked=False)

    def leaves_telegram(self, user: int) -> None:
        """Delete the account."""
        self._world.chats[user].deactivated = True

    def adds_bot(self, user: int, chat: int) -> None:
        """Take the bot into a group."""
        self._moves_bot(user, chat, "member")
        place = self._world.chats[chat]
        joined = self._state.message(place, self._world.users[user], {"new_chat_members": [self._state.bot]})
        self._state.tell_message("message", place, place.add(joined, seen=False))

    def brings_bot(self, user: int, chat: int, payload: str) -> Message:
        """Follow a startgroup link: the bot comes in, and is sent /start with what the link carries."""
        if not keyboards.START_PAYLOAD.fullmatch(payload):
            raise Impossible(f"no deep link can carry {payload!r}: 1-64 of A-Z a-z 0-9 _ -")
        self.adds_bot(user, chat)
        return self.says(user, chat, f"/start@{self._state.username} {payload}")

    def mutes_bot(self, user: int, chat: int) -> None:
        """Let the bot write nothing any more in a group; it stays a member."""
        place = self._world.chats[chat]
        assert user in place.members
        place.bot = "restricted"

    def says_as_group(self, chat: int, text: str) -> Message:
        """Let an administrator who stays anonymous write in the name of the group."""
        place = self._world.chats[chat]
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        content = {"text": text, "entities": entities.find(text), "sender_chat": place.public()}
        message = place.add(self._state.message(place, anonymous, content), seen=False)
        if self._bot_reads(place, message):
            self._state.tell_message("message", place, message)
        return message

    def deletes(self, chat: int, message_id: int) -> None:
        """Take a message away, as an administrator of a group may; the bot is not told."""
        del self._world.chats[chat].messages[message_id]

    def kicks_bot(self, user: int, chat: int) -> None:
        """Take the bot out of a group."""
        self._moves_bot(user, chat, "kicked")

    def joins(self, user: int, chat: int) -> None:
        """Join a group."""
        place = self._world.chats[chat]
        place.members.add(user)
        self._notes(user, place, {"new_chat_members": [self._world.users[user]]})

    def leaves(self, user: int, chat: int) -> None:
        """Leave a group."""
        place = self._world.chats[chat]
        self._notes(user, place, {"left_chat_member": self._world.users[user]})
        place.members.discard(user)

    def migrates(self, chat: int) -> dict[str, Any]:
        """Turn a group into a supergroup: it goes on under another id."""
        old = self._world.chats[chat]
        new = self._world.add_group(old.title, sorted(old.members), supergroup=True, bot=old.bot)
        user = min(old.members)
        self._notes(user, old, {"migrate_to_chat_id": new.id})
        self._notes(user, new, {"migrate_from_chat_id": old.id})
        old.migrated_to = new.id
        return new.public()

    def _sends(self, user: int, chat: int, content: dict[str, Any], reply_to: int | None = None) -> Message:
        place = self._place(user, chat)
        if place.blocked or place.deactivated:
            raise Impossible("one who blocked the bot, or is gone, writes nothing")
        if reply_to:
            content = {"reply_to_message": place.messages[reply_to], **content}
        message = place.add(self._state.message(place, self._world.users[user], content), seen=False)
        place.wrote = True
        self._listen(user, place)
        if self._bot_reads(place, message):
            self._state.tell_message("message", place, message)
        return message

    def _bot_reads(self, place: Chat, message: Message) -> bool:
        """Apply the privacy mode: in groups a bot hears its commands and the replies to it."""
        if place.private:
            return True
        text = message.get("text", "")
        mine = "@" not in text.split(" ")[0] or text.split(" ")[0].endswith("@" + self._state.username)
        replied = message.get("reply_to_message", {}).get("from", {}).get("id") == self._state.bot["id"]
        return place.bot == "member" and (replied or (text.startswith("/") and mine))

    def _press(self, user: int, place: Chat, message: Message, button: dict[str, Any]) -> dict[str, Any]:
        if "callback_data" in button:
            return self._tap(user, place, message, button["callback_data"], message["message_id"])
        payload = keyboards.start_payload(button.get("url", ""))
        if payload is None:
            raise Impossible(f"{button['text']!r} leads out of Telegram: {button}")
        return self.starts(user, payload)

    def _press_reply(self, user: int, place: Chat, button: dict[str, Any]) -> Message:
        if button.get("request_contact"):
            return self.shares_contact(user, f"+34600{user % 1_000_000:06d}", None)
        if button.get("request_location"):
            return self.shares_location(user, place.id, 40.4168, -3.7038)
        return self.says(user, place.id, button["text"])

    def _tap(self, user: int, place: Chat, message: Message | None, data: str, stood: int) -> dict[str, Any]:
        self._listen(user, place)
        press: Press = self._state.tell_press(self._world.users[user], place, message, data, stood)
        return {"press": press.id}

    def _stand(self, user: int, *, blocked: bool) -> None:
        chat = self._world.chats[user]
        if chat.blocked != blocked:
            chat.blocked = blocked
            old, new = ("member", "kicked") if blocked else ("kicked", "member")
            self._state.tell_standing(chat, self._world.users[user], old, new)

    def _moves_bot(self, user: int, chat: int, standing: str) -> None:
        place = self._world.chats[chat]
        old, place.bot = place.bot, standing
        self._state.tell_standing(place, self._world.users[user], old, standing)

    def _notes(self, user: int, place: Chat, content: dict[str, Any]) -> None:
        note = place.add(self._state.message(place, self._world.users[user], content), seen=False)
        if place.bot == "member":
            self._state.tell_message("message", place, note)


def _caption(text: str) -> dict[str, Any]:
    return {"caption": text} if text else {}
