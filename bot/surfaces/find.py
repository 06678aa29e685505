"""`/client find`: what holds some words and the reader may see, and the clients and people who go by them."""

import re
import uuid
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import clicks
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, header, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, clean, escape, lines, markup, shorten
from bot.store.search import TERM, SearchEntry, find_entries, terms
from bot.store.session import Work
from bot.surfaces import found
from bot.surfaces.found import Found
from bot.workspaces import directory
from bot.workspaces.here import Here
from bot.workspaces.visibility import Person, may_see_sql

HITS: Final = 10
CLIENTS, PEOPLE = 3, 5
NAMED: Final = 3
LONGEST_QUERY: Final = 200
BEFORE, SNIPPET = 60, 220
TRY = Markup(
    "Try fewer words, or only the beginning of one: `/client find laun` finds launch and launched."
    " What somebody keeps to themselves is found by nobody else."
)


def register(app: AsyncApp) -> None:
    """Connect the "more" button."""
    app.action(clicks("find.more"))(more)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show more.  The button brings back the searcher's own words; what they may see is decided anew."""
    offset, _, words = str(action.get("value")).partition(":")
    await here.show(ack, await find(here, words, offset=int(offset) if re.fullmatch(r"[0-9]{1,6}", offset) else 0))


async def find(here: Here, typed: str, *, offset: int = 0) -> Panel:
    """Return what holds every word, each as the beginning of one, newest first, after whom the words name."""
    words = shorten(clean(typed).strip(), LONGEST_QUERY)
    wanted = terms(words)
    if not wanted:
        return _nothing("*What are you looking for?* Add a word or two, such as `/client find budget`.", "Find what?")
    async with here.look() as session:
        hits = await find_entries(session, words, allowed=readable_by(here.me), limit=HITS + 1, offset=offset)
        named = await _named(session, words, wanted) if offset == 0 else []
        said = await found.read(session, [hit.ref for hit in hits[:HITS]], here.me, here.local)
        known = await clients.get_many(session, {hit.client_id for hit in hits})
        theirs = await people.of_clients(session, known)
        authors = await directory.members_by_id(session, {one.author_id for one in said.values() if one.author_id})
    if not hits and not named:
        return _nothing(markup("*Nothing found for “{words}”.*", words=words), "Nothing found")
    names = {contact.id: contact.name for contacts in theirs.values() for contact in contacts}
    blocks: list[Block] = [header(shorten(f"Found: “{words}”", limits.HEADER)), *named]
    for hit in hits[:HITS]:
        one, client = said.get(hit.ref), known.get(hit.client_id)
        if one is None or client is None:
            continue
        author = authors[one.author_id].name if one.author_id in authors else ""
        with_them = ", ".join(sorted(names[key] for key in one.people if key in names)[:NAMED])
        head = lines([bold(client.name), with_them, one.when, author], " · ")
        blocks.append(section(lines([head, snippet(one.text, wanted)]), accessory=_open(hit.ref, one, client.id)))
    turning = _turning(words, offset, more=len(hits) > HITS)
    return Panel("Found", f"This holds “{words}”, newest first.", [*blocks, *([actions(*turning)] if turning else [])])


async def _named(session: Work, words: str, wanted: Sequence[str]) -> list[Block]:
    """Return the clients and the people who go by the words, each with the way to them."""
    by_name = await clients.offer(session, words, limit=CLIENTS)
    contacts = await people.called(session, words, limit=PEOPLE)
    theirs = await clients.get_many(session, {contact.client_id for contact in contacts})
    found_clients = [
        section(lines([snippet(one.name, wanted), "client"], " · "), accessory=_open_client(one.id)) for one in by_name
    ]
    found_people = [
        section(_person(one, theirs[one.client_id].name, wanted), accessory=_open_person(one.id, one.id))
        for one in contacts
        if one.client_id in theirs
    ]
    return [*found_clients, *found_people]


def _person(one: Contact, client: str, wanted: Sequence[str]) -> Markup:
    gone = "has left" if one.has_left else ""
    return lines([snippet(one.name, wanted), one.job or "", bold(client), gone], " · ")


def _turning(words: str, offset: int, *, more: bool) -> list[Element]:
    buttons = []
    if offset:
        buttons.append(button("Newer", "find.more:newer", value=f"{max(offset - HITS, 0)}:{words}"))
    return [*buttons, button("More", "find.more", value=f"{offset + HITS}:{words}")] if more else buttons


def _open(ref: uuid.UUID, one: Found, client_id: uuid.UUID) -> Element:
    """Return the way to where a hit stands as a whole."""
    if one.is_answer:
        return button("Open", f"answer.open:{ref}", value=str(ref))
    return _open_person(one.page, ref) if one.page is not None else _open_client(client_id)


def _open_client(client_id: uuid.UUID) -> Element:
    return button("Open", "client.open", value=str(client_id))


def _open_person(contact_id: uuid.UUID, place: uuid.UUID) -> Element:
    return button("Open", f"person.profile:{place}", value=str(contact_id))


def readable_by(person: Person) -> sa.ColumnElement[bool]:
    """Return the criterion for entries that a person may read."""
    return may_see_sql(person, SearchEntry.visibility, client_id=SearchEntry.client_id, author_id=SearchEntry.author_id)


def _nothing(says: Markup | str, title: str) -> Panel:
    return Panel(title, f"{title}: here is what to try.", [section(Markup(says)), context(TRY)])


def snippet(text: str, wanted: Sequence[str]) -> Markup:
    """Return the part of a text around the first word found, on one line, escaped, with the found words in bold."""
    flat = " ".join(clean(text).split())
    found = [word for word in TERM.finditer(flat) if _matches(word[0], wanted)]
    start = _word_start(flat, found[0].start()) if found else 0
    end = _word_end(flat, start + SNIPPET)
    pieces: list[Markup] = [Markup("…" if start else "")]
    at = start
    for word in found:
        if word.end() <= end:
            pieces += [escape(flat[at : word.start()]), bold(word[0])]
            at = word.end()
    pieces += [escape(flat[at:end]), Markup("…" if end < len(flat) else "")]
    return Markup("".join(pieces))


def _matches(word: str, wanted: Collection[str]) -> bool:
    return any(term.startswith(tuple(wanted)) for term in terms(word))


def _word_start(text: str, found: int) -> int:
    """Return where to begin, so that some words stand before the one found."""
    at = found - BEFORE
    space = text.find(" ", max(at, 0), found)
    return 0 if at <= 0 else (space + 1 or at)


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", 0, at)
    return space if space > at - SNIPPET // 2 else at
