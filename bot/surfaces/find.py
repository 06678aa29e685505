"""`/client find`: notes that hold some words, as far as the reader may see them."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.practice import clicks
from bot.practices.promises import service as promises
from bot.practices.promises.service import Promise
from bot.slack import limits
from bot.slack.blocks import Block, actions, button, context, header, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, clean, day, escape, lines, markup, shorten
from bot.store.search import TERM, SearchEntry, find_entries, terms
from bot.workspaces import directory
from bot.workspaces.here import Here
from bot.workspaces.visibility import Person, may_see_sql

HITS: Final = 10
LONGEST_QUERY: Final = 200
BEFORE, SNIPPET = 60, 220
TRY = Markup(
    "Try fewer words, or only the beginning of one: `/client find laun` finds launch and launched."
    " A note that somebody keeps to themselves is found by nobody else."
)


def register(app: AsyncApp) -> None:
    """Connect the "more" button."""
    app.action(clicks("find.more"))(more)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show the next notes.  The button brings back the searcher's own words; what they may see is decided anew."""
    offset, _, words = str(action.get("value")).partition(":")
    await here.show(ack, await find(here, words, offset=int(offset) if re.fullmatch(r"[0-9]{1,6}", offset) else 0))


async def find(here: Here, typed: str, *, offset: int = 0) -> Panel:
    """Return the newest notes that hold every word, each as the beginning of one."""
    words = shorten(clean(typed).strip(), LONGEST_QUERY)
    wanted = terms(words)
    if not wanted:
        return _nothing("*What are you looking for?* Add a word or two, such as `/client find budget`.", "Find what?")
    async with here.look() as session:
        hits = await find_entries(session, words, allowed=readable_by(here.me), limit=HITS + 1, offset=offset)
        refs = [hit.ref for hit in hits[:HITS]]
        notes = await checkins.readable(session, refs, here.me)
        promised = await promises.readable(session, refs, here.me)
        named = await clients.get_many(session, {hit.client_id for hit in hits})
        writers = {note.author_id for note in notes.values()} | {promise.author_id for promise in promised.values()}
        authors = await directory.members_by_id(session, writers)
    if not hits:
        return _nothing(markup("*Nothing found for “{words}”.*", words=words), "Nothing found")
    today = here.local.date()
    blocks: list[Block] = [header(shorten(f"Notes with “{words}”", limits.HEADER))]
    for hit in hits[:HITS]:
        found = _said(notes.get(hit.ref), today) or _promised(promised.get(hit.ref), today)
        if found is None or (client := named.get(hit.client_id)) is None:
            continue
        author = authors[found.author_id].name if found.author_id in authors else ""
        head = lines([bold(client.name), found.when, author], " · ")
        opens = button("Open", "client.open", value=str(client.id))
        blocks.append(section(lines([head, snippet(found.text, wanted)]), accessory=opens))
    if len(hits) > HITS:
        blocks.append(actions(button("More", "find.more", value=f"{offset + HITS}:{words}")))
    return Panel("Found", f"This holds “{words}”, newest first.", blocks)


@dataclass(frozen=True)
class Found:
    """What a hit stands for: whose it is, its day in words, its text."""

    author_id: uuid.UUID
    when: str
    text: str


def _said(note: Checkin | None, today: dt.date) -> Found | None:
    if note is None:
        return None
    text = "\n".join(part for part in (note.note, note.quote, note.unsaid) if part)
    return Found(note.author_id, day(note.happened_on, today), text)


def _promised(promise: Promise | None, today: dt.date) -> Found | None:
    return Found(promise.author_id, f"promised by {day(promise.due_on, today)}", promise.what) if promise else None


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
