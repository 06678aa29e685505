"""`/client find`: notes that hold some words, as far as the reader may see them."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.anticipations import service as anticipations
from bot.practices.anticipations.service import Anticipation
from bot.practices.blockers import service as blockers
from bot.practices.blockers.service import Blocker
from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.differences import service as differences
from bot.practices.differences.service import Difference
from bot.practices.listening import service as listening
from bot.practices.listening.service import Answer
from bot.practices.nuance import service as nuance
from bot.practices.nuance.service import Fact
from bot.practices.people import service as people
from bot.practices.practice import clicks
from bot.practices.promises import service as promises
from bot.practices.promises.service import Promise
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, header, section
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
        facts = await nuance.readable(session, refs, here.me)
        about = await people.of_clients(session, {fact.client_id for fact in facts.values()})
        facts = await nuance.readable(session, refs, here.me)
        answers = await listening.readable_answers(session, refs, here.me)
        open_or_not = await differences.readable(session, refs, here.me)
        in_the_way = await blockers.readable(session, refs, here.me)
        needed = await anticipations.readable(session, refs, here.me)
        about = await people.of_clients(session, {fact.client_id for fact in facts.values()})
        named = await clients.get_many(session, {hit.client_id for hit in hits})
        kinds = (notes, promised, facts, answers, open_or_not, in_the_way, needed)
        writers = {one.author_id for found in kinds for one in found.values()}
        authors = await directory.members_by_id(session, writers)
    if not hits:
        return _nothing(markup("*Nothing found for “{words}”.*", words=words), "Nothing found")
    today = here.local.date()
    names = {contact.id: contact.name for theirs in about.values() for contact in theirs}
    blocks: list[Block] = [header(shorten(f"Notes with “{words}”", limits.HEADER))]
    for hit in hits[:HITS]:
        found = _said(notes.get(hit.ref), today) or _promised(promised.get(hit.ref), today)
        found = found or _known(facts.get(hit.ref), names, today)
        found = found or _answered(answers.get(hit.ref), today) or _differed(open_or_not.get(hit.ref), today)
        found = found or _blocked(in_the_way.get(hit.ref), today) or _needed(needed.get(hit.ref), today)
        if found is None or (client := named.get(hit.client_id)) is None:
            continue
        author = authors[found.author_id].name if found.author_id in authors else ""
        head = lines([bold(client.name), found.when, author], " · ")
        opens = _opens(client.id, facts.get(hit.ref))
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
    return Found(note.author_id, day(note.happened_on, today), note.in_words)


def _promised(promise: Promise | None, today: dt.date) -> Found | None:
    return Found(promise.author_id, f"promised by {day(promise.due_on, today)}", promise.what) if promise else None


def _blocked(one: Blocker | None, today: dt.date) -> Found | None:
    if one is None:
        return None
    said = one.details
    when = f"in the way until {day(one.closed_on, today)}" if one.closed_on else "in the way"
    parts = (said.what, said.cause, said.other_way, one.ended)
    return Found(one.author_id, when, "\n".join(part for part in parts if part))


def _needed(one: Anticipation | None, today: dt.date) -> Found | None:
    return Found(one.author_id, f"needed next, {day(one.created_at.date(), today)}", one.what) if one else None


def _answered(answer: Answer | None, today: dt.date) -> Found | None:
    if answer is None:
        return None
    return Found(answer.author_id, f"answered {day(answer.answered_at.date(), today)}", answer.text)


def _differed(one: Difference | None, today: dt.date) -> Found | None:
    if one is None:
        return None
    when = "settled" if one.closed_at else f"to settle by {day(one.resolve_by, today)}"
    return Found(one.author_id, when, "\n".join(part for part in (one.text, one.resolution) if part))


def _known(fact: Fact | None, names: Mapping[uuid.UUID, str], today: dt.date) -> Found | None:
    if fact is None:
        return None
    who = names.get(fact.contact_id, "") if fact.contact_id is not None else ""
    when = " · ".join(part for part in (who, day(fact.created_at.date(), today)) if part)
    return Found(fact.author_id, when, "\n".join(part for part in (fact.text, fact.why) if part))


def _opens(client_id: uuid.UUID, fact: Fact | None) -> Element:
    """Return the button to the page of whom a fact is about, else to the client's card."""
    if fact is not None and fact.contact_id is not None:
        return button("Open", f"person.profile:{fact.id}", value=str(fact.contact_id))
    return button("Open", "client.open", value=str(client_id))


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
