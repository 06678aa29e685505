"""Who is in the workspace and where they talk: members and conversations, as Slack's objects show them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.playground.elements import remembered

Json = dict[str, Any]
Kind = Literal["public", "private", "im"]

SLACKBOT = "USLACKBOT"


@dataclass(slots=True)
class Member:
    """A person or bot.  Flags may be changed at any time; tell the app with an event, as Slack does."""

    id: str
    name: str
    team_id: str
    tz: str = "Europe/London"
    guest: bool = False
    bot: bool = False
    deleted: bool = False
    admin: bool = False
    locale: str = "en-GB"
    email: str = ""
    app_id: str = ""
    bot_id: str = ""

    @property
    def handle(self) -> str:
        """Return the old-style user name."""
        return self.name.lower().replace(" ", ".")

    def seen(self, now: dt.datetime, *, with_locale: bool = False) -> Json:
        """Return the user object of users.info and of user_change."""
        local = now.astimezone(ZoneInfo(self.tz))
        offset = local.utcoffset() or dt.timedelta()
        profile: Json = {
            "real_name": self.name,
            "display_name": self.name,
            "real_name_normalized": self.name,
            "display_name_normalized": self.name,
            "team": self.team_id,
        }
        profile |= {"email": self.email} if self.email else {}
        profile |= {"api_app_id": self.app_id, "bot_id": self.bot_id} if self.bot_id else {}
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.handle,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.bot,
            "is_app_user": False,
            "updated": int(now.timestamp()),
        }
        if self.deleted:
            return user
        return user | {
            "real_name": self.name,
            "tz": self.tz,
            "tz_label": local.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()),
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            **({"locale": self.locale} if with_locale else {}),
        }


@dataclass(slots=True)
class Channel:
    """A conversation.  `members` are ids, in the order of joining; an im's other side is `user`."""

    id: str
    name: str
    kind: Kind = "public"
    members: list[str] = field(default_factory=list)
    shared: bool = False
    pending: bool = False
    archived: bool = False
    restricted: bool = False
    created: int = 0
    creator: str = ""
    user: str = ""

    def payload_name(self) -> str:
        """Return the name that commands and actions carry: private conversations do not tell theirs."""
        return {"public": self.name, "private": "privategroup", "im": "directmessage"}[self.kind]

    def seen(self, team_id: str, bot_user: str, *, count: bool = False) -> Json:
        """Return the conversation object of conversations.info."""
        common: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "context_team_id": team_id,
        }
        common |= {"is_org_shared": False, "is_ext_shared": self.shared, "is_shared": self.shared}
        if self.kind == "im":
            return common | {"is_im": True, "user": self.user, "is_user_deleted": False, "priority": 0}
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "private",
            "is_general": False,
            "is_pending_ext_shared": self.pending,
            "pending_shared": ["T0000PEND"] if self.pending else [],
            "pending_connected_team_ids": [],
            "is_member": bot_user in self.members,
            "creator": self.creator,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            **({"num_members": len(self.members)} if count else {}),
        }


@dataclass(slots=True)
class Message:
    """One message.  `ephemeral_to` names the only person who sees it; `app` tells that the app posted it.

    `extra` is what Slack adds for a message of its own, its subtype among it.
    """

    channel_id: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    app: bool = False
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    ephemeral_to: str | None = None
    edited: Json | None = None
    deleted: bool = False
    typed: dict[str, dict[str, Json]] = field(default_factory=dict)
    reactions: list[Json] = field(default_factory=list)
    extra: Json = field(default_factory=dict)
    past: list[Json] = field(default_factory=list)
    """The blocks that stood in it before; whoever has not seen the new ones yet may press in them, as in Slack."""

    def redraw(self, blocks: list[Json]) -> None:
        """Show other blocks."""
        self.past = remembered(self.blocks, self.past)
        self.blocks = blocks

    def bury(self) -> None:
        """Leave nothing of it but that there was something."""
        self.deleted, self.app, self.user, self.text = True, False, SLACKBOT, "This message was deleted."
        self.blocks, self.past, self.typed, self.reactions = [], [], {}, []
        self.metadata, self.edited = None, None
        self.extra = {"subtype": "tombstone", "hidden": True}

    def seen(self, team_id: str, app_id: str, bot_id: str, *, metadata: bool = False) -> Json:
        """Return the message object of chat.postMessage and conversations.history."""
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": team_id}
        shown |= {"bot_id": bot_id, "app_id": app_id} if self.app else {}
        shown |= {"blocks": self.blocks} if self.blocks else {}
        shown |= {"thread_ts": self.thread_ts} if self.thread_ts else {}
        shown |= {"edited": self.edited} if self.edited else {}
        shown |= {"reactions": self.reactions} if self.reactions else {}
        shown |= {"metadata": self.metadata} if metadata and self.metadata else {}
        return shown | self.extra
