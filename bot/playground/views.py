"""The views a person has before them: a stack of up to three modals, and App Home."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.changes import What
from bot.playground.elements import elements_of, fields_of, options_of, remembered
from bot.playground.refusal import Refused

Json = dict[str, Any]

STACK = 3
LARGEST_VIEW = 250_000
MADE = "="
"""How a block_id begins that was made here."""
KEPT = ("type", "title", "submit", "close", "callback_id", "private_metadata", "notify_on_close", "clear_on_close",
        "external_id")  # fmt: skip


@dataclass(slots=True)
class View:
    """One open modal or one Home, with what the person has typed into it so far."""

    id: str
    user_id: str
    team_id: str
    app_id: str
    bot_id: str
    source: Json
    hash: str = ""
    root_view_id: str = ""
    previous_view_id: str | None = None
    typed: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    past: list[Json] = field(default_factory=list)
    """The blocks that stood here before; whoever has not seen the new ones yet may press in them, as in Slack."""

    @property
    def type(self) -> str:
        """Return "modal" or "home"."""
        return str(self.source.get("type", ""))

    @property
    def external_id(self) -> str:
        """Return the app's own id of this view, or an empty string."""
        return str(self.source.get("external_id") or "")

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks, each with a block_id."""
        blocks: list[Json] = self.source["blocks"]
        return blocks

    def values(self) -> dict[str, dict[str, Json]]:
        """Return `view.state.values` as Slack builds it: initial values under what was typed."""
        values: dict[str, dict[str, Json]] = {}
        for one in fields_of(self.blocks):
            state = self.typed.get(one.block_id, {}).get(one.action_id, one.initial())
            values.setdefault(one.block_id, {})[one.action_id] = state
        return values

    def replace(self, source: Json) -> None:
        """Show another view in this place; what was typed stays where block, action and element are the same."""
        self.past = remembered(self.blocks, self.past)
        self.source = with_ids(source, self.blocks)
        still = {(one.block_id, one.action_id): one.element["type"] for one in fields_of(self.blocks)}
        self.typed = {
            block: kept
            for block, actions in self.typed.items()
            if (kept := {a: state for a, state in actions.items() if still.get((block, a)) == state["type"]})
        }
        self.errors = {}
        self.renew()

    def renew(self) -> None:
        """Give the view a new hash, so that updates made against the old one conflict."""
        self.hash = f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"

    def seen(self) -> Json:
        """Return the view object of Slack's payloads and answers."""
        blank: Json = {"type": self.type, "callback_id": "", "private_metadata": "", "external_id": "", "title": None}
        options: Json = {"submit": None, "close": None, "notify_on_close": False, "clear_on_close": False}
        given = {key: self.source[key] for key in KEPT if key in self.source}
        place = {"root_view_id": self.root_view_id, "previous_view_id": self.previous_view_id, "hash": self.hash}
        owner = {"team_id": self.team_id, "app_id": self.app_id, "app_installed_team_id": self.team_id}
        state = {"state": {"values": self.values()}, "blocks": self.blocks, "bot_id": self.bot_id}
        return {"id": self.id, **blank, **options, **given, **place, **owner, **state}


def with_ids(source: Mapping[str, Any], before: Sequence[Json] = ()) -> Json:
    """Return a copy in which every block and every interactive element has an id."""
    copy: Json = json.loads(json.dumps(source))
    name_blocks(copy.get("blocks") or [], before)
    return copy


def name_blocks(blocks: list[Json], before: Sequence[Json] = ()) -> None:
    """Give a block_id to each block and an action_id to each interactive element that lacks one, in place.

    So does Slack.  That an id made here stays when its block of `before` comes again is our own choice, for the sake of
    the page's focus; one with something to fill in gets a new id: only an id of the app's own keeps what was typed.
    """
    given = {block.get("block_id") for block in blocks}
    free: dict[str, list[str]] = {}
    for block in before:
        if block["block_id"].startswith(MADE) and block["block_id"] not in given:
            free.setdefault(_known_by(block), []).append(block["block_id"])
    for block in blocks:
        if not block.get("block_id"):
            ids = [] if fields_of([block]) else free.get(_known_by(block), [])
            block["block_id"] = ids.pop(0) if ids else MADE + secrets.token_urlsafe(3)
        parts = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
        for element in parts:
            interactive = isinstance(element, dict) and element.get("type") not in {"image", "plain_text", "mrkdwn"}
            if interactive and block.get("type") in {"input", "section", "actions"}:
                element["action_id"] = element.get("action_id") or secrets.token_urlsafe(3)


def _known_by(block: Json) -> str:
    """Return what is pressed in a block, where that says whom or what it is about; else all that the block says."""
    pressed = [
        (element["type"], element["action_id"], element.get("value"), [one.get("value") for one in options_of(element)])
        for _, element in elements_of([block])
    ]
    says = {key: value for key, value in block.items() if key != "block_id"}
    return json.dumps([block["type"], pressed if any(one[2] or one[3] for one in pressed) else says], sort_keys=True)


class Views:
    """Every open view of the workspace's people."""

    def __init__(self, team_id: str, app_id: str, bot_id: str, changed: Callable[[What, str], None]) -> None:
        self._owner = (team_id, app_id, bot_id)
        self._changed = changed
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        """Return a person's modals, the one on top last."""
        return list(self._stacks.get(user_id, ()))

    def home(self, user_id: str) -> View | None:
        """Return a person's Home, or None before the first publish."""
        return self._homes.get(user_id)

    def open(self, user_id: str, source: Json) -> View:
        """Open a modal as the first of its stack."""
        self._unused_external_id(source)
        view = self._new(user_id, source)
        self._stacks[user_id] = [view]
        self._changed("views", user_id)
        return view

    def push(self, user_id: str, source: Json) -> View:
        """Put a modal on top of the stack.  Refused: push_limit_reached above three, not_found without a modal."""
        stack = self._stacks.get(user_id, [])
        if not stack:
            raise Refused("not_found")
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        self._unused_external_id(source)
        view = self._new(user_id, source)
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._changed("views", user_id)
        return view

    def update(self, source: Json, *, view_id: str, external_id: str, hash_: str) -> View:
        """Replace an open modal's content.  Refused: not_found, hash_conflict, duplicate_external_id."""
        view = self.find(view_id=view_id, external_id=external_id)
        if view is None or view.type != source.get("type"):
            raise Refused("not_found")
        if hash_ and hash_ != view.hash:
            raise Refused("hash_conflict")
        self._unused_external_id(source, but=view)
        view.replace(source)
        self.touched(view)
        return view

    def touched(self, view: View) -> None:
        """Say that a view shows something else."""
        self._changed("home" if view.type == "home" else "views", view.user_id)

    def publish(self, user_id: str, source: Json, *, hash_: str) -> View:
        """Show a person's Home.  Refused: hash_conflict."""
        view = self._homes.get(user_id)
        if hash_ and (view is None or hash_ != view.hash):
            raise Refused("hash_conflict")
        if view is None:
            view = self._homes[user_id] = self._new(user_id, source)
        else:
            view.replace(source)
        self._changed("home", user_id)
        return view

    def close(self, view: View, *, everything: bool = False) -> list[View]:
        """Close one modal (and what lies above it), or the whole stack; return the closed ones, top first."""
        stack = self._stacks.get(view.user_id, [])
        if view not in stack:
            return []
        keep = 0 if everything else stack.index(view)
        closed = stack[keep:]
        del stack[keep:]
        self._changed("views", view.user_id)
        return closed[::-1]

    def find(self, *, view_id: str = "", external_id: str = "") -> View | None:
        """Return the open view with one of the two ids."""
        everywhere = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
        wanted = (
            view for view in everywhere if view.id == view_id or (external_id and view.external_id == external_id)
        )
        return next(wanted, None)

    def _unused_external_id(self, source: Json, but: View | None = None) -> None:
        external_id = str(source.get("external_id") or "")
        taken = self.find(external_id=external_id) if external_id else None
        if taken is not None and taken is not but:
            raise Refused("duplicate_external_id")

    def _new(self, user_id: str, source: Json) -> View:
        view_id = "V" + secrets.token_hex(5).upper()
        view = View(view_id, user_id, *self._owner, source=with_ids(source), root_view_id=view_id)
        view.renew()
        return view
