"""The three slash commands: which words lead where."""

import uuid
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import conversation as checkins
from bot.practices.clients import offering
from bot.practices.clients import service as clients
from bot.practices.clients.forms import another, set_up_view
from bot.practices.clients.rules import LONGEST_NAME, RESERVED
from bot.practices.practice import Practice, Verb
from bot.slack.blocks import Block, actions, button, context, section
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.slack.text import Markup, clean, lines, markup, quote, shorten
from bot.surfaces import (
    away,
    brief,
    calendar,
    calls,
    canvas,
    channels,
    find,
    forget,
    handover,
    listing,
    settings,
    story,
    today,
    why,
)
from bot.surfaces import help as helping
from bot.surfaces.card import Cards
from bot.workspaces.here import Here, as_id

ANOTHER = "client.another"
LONGEST_SHOWN = 600
OPENS = {"settings": settings.opened, "away": away.opened, "calendar": calendar.opened}
VERBS = (
    Verb(
        ("brief",), "Shows what to have at hand before you speak", "/client brief northwind Priya 14:00", brief.command
    ),
    Verb(("story",), "Tells a year with them, month by month", "/client story northwind", story.command),
)
"""What `/client` answers to beside the words of practices, `list` and `find`."""

MORE_WORDS = "`/client` and a name open the card. To log a conversation, type the same words after `/checkin`."


def register(app: AsyncApp, practices: Sequence[Practice]) -> today.OnChange:
    """Own `/checkin`, `/client`, `/ember` and messages to Ember, and the buttons of what they show.

    Returns who wants to know that something about a client has changed.
    """
    desk = Desk(practices, Cards(practices))
    app.command("/checkin")(desk.checkin)
    app.command("/client")(desk.client)
    app.command("/ember")(desk.ember)
    app.event("message")(desk.dm)
    app.action("client.new_named")(new_named)
    app.action(ANOTHER)(desk.another)
    app.options(ANOTHER)(offering.offer)
    desk.cards.register(app)
    listing.register(app)
    find.register(app)
    forget.register(app)
    handover.register(app)
    channels.register(app)
    settings.register(app)
    away.register(app)
    calendar.register(app)
    why.register(app)
    calls.register(app)
    brief.register(app)
    canvas.register(app)
    story.register(app)
    return today.register(app, desk.cards)


class Desk:
    """Answers the commands, with the verbs and cards of these practices."""

    def __init__(self, practices: Sequence[Practice], cards: Cards) -> None:
        self.cards = cards
        self.verbs = (*VERBS, *(verb for practice in practices for verb in practice.verbs))
        self._verbs: dict[str, Verb] = {word: verb for verb in self.verbs for word in verb.words}

    async def checkin(self, ack: AsyncAck, here: Here) -> None:
        """`/checkin`: help, the form, or a line to log."""
        text = here.envelope.typed
        if helping.is_asked_for(text):
            await here.show(ack, helping.of_checkin(await _a_client(here)))
        else:
            await checkins.command(here, ack, text)

    async def dm(self, ack: AsyncAck, here: Here, event: dict[str, Any]) -> None:
        """Read a message to Ember: help, "today", or a line to log; one anywhere else is none of its business."""
        if event.get("channel_type") != "im":
            return
        text = here.envelope.typed
        if today.is_asked_for(text):
            await here.show(ack, await today.today(here))
        elif helping.is_asked_for(text) or helping.is_greeting(text):
            await here.show(ack, helping.of_checkin(await _a_client(here)))
        else:
            await checkins.dm(ack, here, event)

    async def client(self, ack: AsyncAck, here: Here) -> None:
        """`/client`: a client's name, one of its words, or the client of this channel."""
        text = here.envelope.typed
        word, rest = _first_word(text)
        verb = self._verbs.get(word)
        named = await _called(here, text) if word in RESERVED else None
        if named is not None:
            await here.show(ack, await self.cards.card(here, named))
        elif verb is not None and helping.is_asked_for(rest):
            await here.show(ack, helping.of_client(self.verbs, await _a_client(here)))
        elif verb is not None:
            await verb.handle(here, ack, rest)
        else:
            await here.show(ack, await self._client(here, text))

    async def _client(self, here: Here, text: str) -> Panel:
        word, rest = _first_word(text)
        if helping.is_asked_for(text):
            return helping.of_client(self.verbs, await _a_client(here))
        if word == "list" and rest.casefold() in {"", "all", "mine"}:
            return await listing.listing(here, mine=rest.casefold() != "all")
        if word == "find":
            return await find.find(here, rest)
        if word in RESERVED:
            return helping.of_client(self.verbs, await _a_client(here), unknown=text)
        return await self._named(here, text)

    async def _named(self, here: Here, text: str) -> Panel:
        async with here.look() as session:
            if text:
                split = await clients.split_line(session, text)
                known = split[0].id if split else None
                if split and split[1]:
                    raise Refused(MORE_WORDS)
            else:
                heard = await clients.in_channel(session, here.envelope.channel)
                known = heard.id if heard else None
            nearest = await clients.nearest(session, text) if text and known is None else []
        if known is not None:
            return await self.cards.card(here, known)
        return unknown(text, nearest) if text else await listing.listing(here)

    async def another(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Show the card of the client that was looked for."""
        picked = (action.get("selected_option") or {}).get("value")
        await here.show(ack, await self.cards.card(here, as_id(picked)))

    async def ember(self, ack: AsyncAck, here: Here) -> None:
        """`/ember`: what is worth doing now, help, a client's card, or the form that one of its words opens."""
        text = here.envelope.typed
        opens = OPENS.get(text.casefold())
        if opens is not None and await _called(here, text) is None:
            await opens(ack, here)
        else:
            await here.show(ack, await self._ember(here, text))

    async def _ember(self, here: Here, text: str) -> Panel:
        word, rest = _first_word(text)
        if not text or helping.is_asked_for(text):
            return helping.of_ember(await _a_client(here))
        named = await _called(here, text) if word in RESERVED else None
        if named is not None:
            return await self.cards.card(here, named)
        if today.is_asked_for(text):
            return await today.today(here)
        if word == "list":
            return await listing.listing(here, mine=rest.casefold() != "all")
        if word == "find":
            return await find.find(here, rest)
        if word == "forget":
            return await forget.command(here, rest)
        if word == "channels" and not rest:
            return await channels.channels(here)
        async with here.look() as session:
            split = await clients.split_line(session, text)
        if split is not None:
            return await self.cards.card(here, split[0].id)
        return helping.of_ember(await _a_client(here), unknown=text)


def _first_word(text: str) -> tuple[str, str]:
    word, rest = (*text.split(None, 1), "", "")[:2]
    return word.casefold(), rest


async def _called(here: Here, text: str) -> uuid.UUID | None:
    """Return the client that goes by exactly this name, even one that opens with a word of Ember's."""
    async with here.look() as session:
        split = await clients.split_line(session, text)
    return split[0].id if split is not None and not split[1] else None


async def _a_client(here: Here) -> str:
    """Return the name of a client that works in examples: one's own, else any; empty where there is none."""
    async with here.look() as session:
        found = await clients.page(session, member_id=here.member.id, limit=1) or await clients.page(session, limit=1)
    return found[0].client.name if found else ""


def unknown(text: str, nearest: Sequence[clients.Found]) -> Panel:
    """Return what is shown for a name that no client has: the nearest ones, and a new one by that name."""
    says = markup("*Which client is that?* Ember found none of that name. You typed:")
    choices = [
        button(shorten(found.name, 70), f"client.open:{place}", value=str(found.id))
        for place, found in enumerate(nearest)
    ]
    if nearest:
        choices.append(another(ANOTHER))
    choices.append(button("New client", "client.new_named", value=shorten(text, LONGEST_NAME)))
    hint = context(Markup("`/client list` shows your clients, `/client help` what else works here."))
    blocks: list[Block] = [section(lines([says, quote(shorten(text, LONGEST_SHOWN))])), actions(*choices), hint]
    return Panel("Which client?", "Which client is that? Ember found none of that name.", blocks)


async def new_named(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form for a new client with the name somebody typed; the button brings their own words back."""
    await ack()
    here.open(set_up_view(here, name=clean(str(action.get("value") or ""))))
