"""What is kept about somebody at a client: shown in full to who may read it, printable, and forgotten for good."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier import emptying
from bot.practices.catalogue import PRACTICES
from bot.practices.clients import service as clients
from bot.practices.clients.forms import open_card
from bot.practices.clients.service import Client
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Held, clicks
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, confirm, context, header, plain, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, lines, markup, shorten, shorten_markup
from bot.store.session import Work
from bot.workspaces import audit
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, as_id
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience

SHOWN_EACH: Final = 6
LONGEST_LINE: Final = 300
A_BLOCK: Final = 2900
MOST_BLOCKS: Final = 40
LONGEST_QUESTION: Final = 300
WHAT: Final = "forgot a person"
WHOM: Final = "*Whom do you mean?* Name the client and the person: `/ember forget northwind Priya`."
STAYS: Final = (
    "Notes stay, without them: what colleagues wrote in their own words is not changed."
    " What Ember posted before stays in Slack."
)


@dataclass(frozen=True)
class Kept:
    """All that is kept about a person, as somebody may read it; may_forget: whether they may have it forgotten."""

    contact: Contact
    client: Client
    held: Sequence[Held]
    may_forget: bool = False

    @property
    def kinds(self) -> list[str]:
        """The kinds there are, in the order of the catalogue."""
        return list(dict.fromkeys(one.kind for one in self.held))

    def counts(self, *, stays: bool) -> str:
        """Return how many of which kind go, or stay without them: "What they answered: 2, Dates …: 1"."""
        found = Counter(one.kind for one in self.held if one.stays is stays)
        return ", ".join(f"{kind}: {count}" for kind, count in found.items())


async def read(session: Work, contact_id: uuid.UUID, audience: Audience | None, *, by: Member | None = None) -> Kept:
    """Return what every practice keeps about a person (audience None: whoever runs Ember reads all of it).

    Raises people.UnknownContact.
    """
    contact = await people.get(session, contact_id)
    client = await clients.get(session, contact.client_id)
    held: list[Held] = []
    for practice in PRACTICES:
        if practice.holds is not None:
            held += await practice.holds(session, contact_id, audience)
    return Kept(contact, client, held, may_forget=by is not None and await _may_forget(session, client, by))


async def forget(session: Work, contact_id: uuid.UUID, *, by: uuid.UUID | None, now: dt.datetime) -> Kept:
    """Forget a person for good; return what there was, unread.  by: None for whoever runs Ember.

    Of messages about them or their client only the shape stays.  What was decided is written down, and not whom it was
    about.  Raises people.UnknownContact.
    """
    gone = await read(session, contact_id, None)
    for practice in reversed(PRACTICES):  # one that builds on another goes first
        if practice.forget is not None:
            await practice.forget(session, contact_id)
    ids = (contact_id, gone.client.id)
    await emptying.empty(session, [gone.contact.name, gone.client.name, *map(str, ids), *(one.hex for one in ids)])
    await audit.write(session, WHAT, f"{gone.client.name} · {gone.counts(stays=False)}", by, now)
    return gone


async def _may_forget(session: Work, client: Client, member: Member) -> bool:
    return member.is_admin or member.id in (await teams(session, [client.id]))[client.id]


async def _require(session: Work, client: Client, member: Member) -> None:
    """Let through the client's team and admins, not who set it up.  Raises clients.NotTheirs, naming whom to ask."""
    if await _may_forget(session, client, member):
        return
    owner = (await clients.owners(session, [client.id])).get(client.id)
    whom = f"{owner} can, or an admin" if owner else "An admin can"
    raise clients.NotTheirs(f"Only {client.name}'s team has somebody there forgotten. {whom}.")


def register(app: AsyncApp) -> None:
    """Connect the buttons."""
    app.action(clicks("person.held"))(show)
    app.action(clicks("person.print"))(show_printable)
    app.action(clicks("person.forget"))(forget_them)


async def command(here: Here, rest: str) -> Panel:
    """`/ember forget northwind Priya`: what is kept about them, and the button that has it forgotten."""
    if not rest:
        return Panel("Forget whom?", "Whom do you mean?", [section(Markup(WHOM))])
    async with here.look() as session:
        client, name = await clients.named(session, rest, channel=here.envelope.channel)
        found = await people.offer(session, client.id, name, limit=limits.ACTIONS) if name.strip() else []
        if len(found) == 1:
            return panel(await read(session, found[0].id, here.me, by=here.member))
        there = found or (await people.of_clients(session, [client.id]))[client.id][: limits.ACTIONS]
    return _which(client, there)


def _which(client: Client, there: Sequence[Contact]) -> Panel:
    if not there:
        says = markup("Nobody is kept at {client} of that name.", client=client.name)
        return Panel("Nobody there", says, [section(says)])
    asks = markup("*Who at {client}?*", client=client.name)
    choices = [button(shorten(one.name, 70), f"person.held:{one.id}", value=str(one.id)) for one in there]
    return Panel("Whom?", asks, [section(asks), actions(*choices)])


async def show(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show what is kept about a person."""
    async with here.look() as session:
        kept = await read(session, as_id(action.get("value")), here.me, by=here.member)
    await here.show(ack, panel(kept))


async def show_printable(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show all of it as plain text, to copy or print."""
    async with here.look() as session:
        kept = await read(session, as_id(action.get("value")), here.me, by=here.member)
    await here.show(ack, printable(kept))


async def forget_them(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Forget a person for good; say what is gone, and offer the notes that name them."""
    contact_id = as_id(action.get("value"))
    async with here.work() as session:
        contact = await people.get(session, contact_id)
        client = await clients.hold(session, contact.client_id)
        await _require(session, client, here.member)
        gone = await forget(session, contact_id, by=here.member.id, now=here.now)
    await here.show(ack, forgotten(gone))
    here.changed(gone.client.id)


def panel(kept: Kept) -> Panel:
    """Return what is kept about a person, kind by kind, the first few of each; what is not theirs is counted."""
    name, key = kept.contact.name, str(kept.contact.id)
    blocks: list[Block] = [header(shorten(f"What we hold about {name}", limits.HEADER))]
    blocks += [section(_kind(kind, [one for one in kept.held if one.kind == kind])) for kind in kept.kinds]
    buttons: list[Element] = [button("As plain text", "person.print", value=key)]
    if kept.may_forget:
        buttons.append(button("Forget them", "person.forget", value=key, style="danger", confirm=question(kept)))
    blocks += [actions(*buttons, button("Profile", "person.profile", value=key)), context(Markup(STAYS))]
    return Panel("What we hold", f"This is what is kept about {name}.", blocks)


def _kind(kind: str, held: Sequence[Held]) -> Markup:
    told = [one for one in held if one.text is not None]
    said = [shorten_markup(markup("• {text}", text=_line(one)), LONGEST_LINE) for one in told[:SHOWN_EACH]]
    more = [Markup(f"and {len(told) - SHOWN_EACH} more")] if len(told) > SHOWN_EACH else []
    return shorten_markup(lines([bold(f"{kind} ({len(held)})"), *said, *more, _unread(held)]), limits.TEXT)


def _unread(held: Sequence[Held]) -> Markup:
    """Return how many things are not for this reader, empty for none."""
    count = sum(1 for one in held if one.text is None)
    what = "note" if count == 1 else "notes"
    return Markup(f"_{count} private {what} of colleagues_") if count else Markup("")


def _line(one: Held) -> str:
    return f"{one.on.isoformat()} · {one.text}" if one.on is not None else one.text or ""


def as_text(kept: Kept) -> str:
    """Return all of it that its reader may read as plain text, to print or hand over."""
    parts = [f"What is kept about {kept.contact.name} ({kept.client.name})"]
    for kind in kept.kinds:
        held = [one for one in kept.held if one.kind == kind]
        said = [f"- {_line(one)}" for one in held if one.text is not None]
        unread = sum(1 for one in held if one.text is None)
        said += [f"- and {unread} of colleagues that are not yours to read"] if unread else []
        parts.append("\n".join([f"{kind} ({len(held)})", *said]))
    return "\n\n".join(parts) + "\n"


def printable(kept: Kept) -> Panel:
    """Return the plain text, in as many blocks as it takes, as far as a window holds them."""
    chunks: list[str] = [""]
    for line in as_text(kept).splitlines():
        whole = shorten(line, A_BLOCK)
        if len(chunks[-1]) + len(whole) >= A_BLOCK:
            chunks.append("")
        chunks[-1] += f"{whole}\n"
    blocks: list[Block] = [{"type": "section", "text": plain(chunk)} for chunk in chunks[:MOST_BLOCKS] if chunk.strip()]
    if len(chunks) > MOST_BLOCKS:
        blocks.append(context(Markup("There is more; whoever runs Ember prints all of it with `ember forget`.")))
    blocks.append(actions(button("Back", "person.held", value=str(kept.contact.id))))
    return Panel("What we hold", f"This is what is kept about {kept.contact.name}.", blocks)


def question(kept: Kept) -> Element:
    """Return what is asked before a person is forgotten: it names what goes, by count, and what stays."""
    stays = kept.counts(stays=True)
    says = f"For good: {kept.counts(stays=False)}. " + (f"{stays} stay, without them. " if stays else "")
    says += "Words in notes stay as written. This can't be undone."
    return confirm("Forget this person?", shorten(says, LONGEST_QUESTION), "Forget them", "Keep them")


def forgotten(gone: Kept) -> Panel:
    """Return what is said once somebody is forgotten, with a way to the notes that name them."""
    says = markup("Forgotten, for good, at {client}.", client=gone.client.name)
    counts = markup("{counts}", counts=gone.counts(stays=False))
    value = shorten(f"0:{gone.contact.name}", limits.BUTTON_VALUE)
    buttons = actions(
        button("What names them", "find.more", value=value),
        open_card(gone.client.id),
    )
    blocks = [section(lines([says, counts])), context(Markup(STAYS)), buttons]
    return Panel("Forgotten", says, blocks, outcome="They are forgotten, for good.")
