"""What somebody can do here, in the words of the commands themselves."""

from __future__ import annotations

from handlers.chat import ANYONE, REGISTRY, Chat, command
from handlers.human import whom_to_call
from handlers.text import NOTHING, _, lines


@command("help", for_=ANYONE, help=_("Everything that I can do for you"), phrases=_("help|what can you do"))
async def help_(chat: Chat) -> None:
    """List the commands that are open to this person."""
    chat.say(
        lines(
            _("Tap or write one of these words:"),
            *(
                _("/{command}: {help}", command=command.name, help=command.help)
                for command in REGISTRY.commands.values()
                if command.for_ & chat.roles
            ),
            NOTHING,
            _("At any question you can write /back or /cancel, and 0 leads to a person."),
            await whom_to_call(chat.person),
        )
    )
