"""What the machinery itself has to say to people."""

from __future__ import annotations

from typing import Final

from handlers.text import Text, _

BACK: Final = _("Back")
CANCEL: Final = _("Cancel")
DONE: Final = _("Done")
CHANGE: Final = _("Change an answer")
CONTINUE: Final = _("Continue")
SHARE_PHONE: Final = _("Share my phone number")
SHARE_PLACE: Final = _("Share this place")
DROP: Final = _("Leave it")

CANCELLED: Final = _("All right, nothing was changed.")
NOTHING_OPEN: Final = _("There is no open question just now.")
STALE_BUTTON: Final = _("That button belongs to an earlier question, so it changed nothing.")
PICK_ONE: Final = _("Please tap one of the buttons below, or write its number.")
TICK: Final = _("Tap everything that is right, then tap Done.")
WHICH_ANSWER: Final = _("Which answer would you like to change?")
IN_WORDS: Final = _("I can only read words here. Please write your answer.")
SEND_PHOTO: Final = _("Please send a photo here, or tap one of the buttons.")
SEND_VOICE: Final = _("Please send a voice note here, or tap one of the buttons.")
SEND_FILE: Final = _("Please send a photo or a voice note here, or tap one of the buttons.")
FILE_GONE: Final = _("This file is no longer kept.")
FILE_LOST: Final = _("What you sent has not reached us and is lost. Please send it once more.")
FILE_UNKNOWN: Final = _("I can keep photos and voice notes only, and this is neither. Please send it as one.")
EDITED: Final = _("I can't read changed messages. Please write it to me anew.")
PARKED: Final = _("You were in the middle of something. Would you like to go on?")
EXPIRED: Final = _(
    "A week has passed without an answer, so I have put your open question aside."
    " You can start anew at any time."
)
UNKNOWN_COMMAND: Final = _("I don't know that word. Here is what I can do: /help")
NOT_FOR_YOU: Final = _("That is not open to you here. What you can do is listed under /help")
GROUPS: Final = _("Please write to me in a private chat.")


def apology(reference: str) -> Text:
    """Say that something failed on our side, with the number under which it is logged."""
    return _(
        "I am sorry, something went wrong on our side. What you did before is safe. Please try once more,"
        " or write 0 to reach a person. (Number {reference})",
        reference=reference,
    )


def ticked(label: Text) -> Text:
    """Mark a chosen answer."""
    return _("✓ {choice}", choice=label)
