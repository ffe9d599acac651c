"""The few words that the web chat's page says by itself."""

from __future__ import annotations

from typing import Final

from handlers.text import Text, _

WORDS: Final[dict[str, Text]] = {
    "title": _("Canteen"),
    "begin": _("Start"),
    "welcome": _("Hello! Tap Start and we begin."),
    "write": _("Write a message"),
    "send": _("Send"),
    "skip": _("Go to the writing field"),
    "messages": _("Messages"),
    "menu": _("Menu"),
    "close": _("Close"),
    "cancel": _("Cancel"),
    "online": _("Connected"),
    "connecting": _("Connecting…"),
    "offline": _("No network. It will be sent later."),
    "waiting": _("Waiting for the network"),
    "heard": _("Received"),
    "chosen": _("Your choice"),
    "you": _("You:"),
    "canteen": _("Canteen:"),
    "urgent": _("Urgent:"),
    "new_messages": _("New messages"),
    "newest": _("Go to the newest message"),
    "older": _("Show older messages"),
    "larger": _("Larger letters"),
    "smaller": _("Smaller letters"),
    "share_phone": _("Send my phone number"),
    "phone": _("Your phone number"),
    "share_place": _("Send where I am"),
    "my_place": _("Where I am"),
    "no_place": _("Your device does not say where you are. Please write the address instead."),
    "file": _("File"),
    "open_file": _("Open"),
    "file_gone": _("This file is no longer kept here. Please ask the canteen for it once more."),
    "share_photo": _("Send a photo"),
    "share_voice": _("Send a voice note"),
    "share_file": _("Send a photo or a voice note"),
    "photo": _("Photo"),
    "voice": _("Voice note"),
    "file_large": _("This file is larger than 5 MB. Please send a smaller or shorter one."),
    "file_strange": _("I can take photos and voice notes only, and this is neither."),
    "file_many": _("Too many files wait here already. Please try again tomorrow."),
    "too_long": _("This is too long for one message. Please send it in two parts."),
    "unreadable": _("That could not be read. Please try once more."),
}
