"""Keep the bot's commands and descriptions, and find those that a person sees."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.telegram_server.chats import Chat

# Scope, chat, user, language.
Key = tuple[str, int, int, str]
Commands = list[dict[str, str]]


@dataclass
class Profile:
    """Hold what setMyCommands, setMyName and their like were told.

    texts: by kind ("name", "description", "short_description") and language.
    """

    commands: dict[Key, Commands] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def menu(self, chat: Chat, user_id: int, language: str) -> Commands:
        """Find the commands that a person sees in a chat: the first list set wins."""
        two = language[:2]
        if chat.private:
            scopes = [("chat", chat.id, 0), ("all_private_chats", 0, 0)]
        else:
            scopes = [("chat_member", chat.id, user_id), ("chat", chat.id, 0), ("all_group_chats", 0, 0)]
        for scope in [*scopes, ("default", 0, 0)]:
            for spoken in (two, ""):
                if listed := self.commands.get((*scope, spoken)):
                    return listed
        return []
