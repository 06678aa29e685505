"""One typed line: whose it is, how it left them, what happened."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.practices.checkins.forms import FEELING
from bot.practices.clients import service as clients
from bot.practices.clients.rules import AFTER_A_NAME, fold
from bot.practices.clients.service import Found
from bot.store.session import Work

WORD = re.compile(r"\S+")
NAME_WORDS = 4
ALIKE = 78


@dataclass(frozen=True)
class Heard:
    """What a line says; what it does not say is None, or empty."""

    client: Found | None
    feeling: int | None
    words: str


async def hear(session: Work, text: str, channel: str) -> Heard:
    """Read a line typed in a channel (by Slack's id).

    A name or alias at its start wins over the channel's own client.  The rating comes first, or right after the name;
    where no client is heard, a name may follow a rating.
    """
    split = await clients.split_line(session, text)
    if split is not None:
        return _rated(split[1], split[0])
    here = await clients.in_channel(session, channel)
    heard = _rated(text, Found(here.id, here.name, here.status) if here else None)
    if heard.client is None and heard.feeling is not None:
        split = await clients.split_line(session, heard.words)
        return Heard(split[0], heard.feeling, split[1]) if split else heard
    return heard


def without_name(text: str, name: str) -> Heard:
    """Read a line that opens with a misspelt name: the opening, of up to four words, that is most like it.

    Words that are like a part of the name only are left out where a rating follows them.  All else is kept.
    """
    called = fold(name)
    ends = ([found.start() for found in WORD.finditer(text)] + [len(text)])[1 : NAME_WORDS + 1]
    likeness = {end: fuzz.ratio(fold(text[:end]), called) for end in ends}
    best = max(likeness, key=likeness.__getitem__, default=0)
    if best and likeness[best] >= ALIKE:
        return _rated(text[best:].lstrip(AFTER_A_NAME), None)
    for end in [0, *ends]:
        heard = _rated(text[end:], None)
        if heard.feeling is not None and (not end or _is_part(fold(text[:end]), called)):
            return heard
    return Heard(None, None, text)


def _is_part(said: str, called: str) -> bool:
    """Return whether what was said is like the first words of a name, or like one of its words."""
    count = len(said.split())
    parts = [" ".join(called.split()[:count]), *(called.split() if count == 1 else ())]
    return any(fuzz.ratio(said, part) >= ALIKE for part in parts)


def likely_name(text: str) -> str:
    """Return the words of a line that stand where a client's name would: those before a rating, else the first."""
    if FEELING.take(text)[0] is not None:
        return ""
    starts = [found.start() for found in WORD.finditer(text)]
    for start in starts[1:NAME_WORDS]:
        if FEELING.take(text[start:])[0] is not None:
            return text[:start].strip()
    return text.split(maxsplit=1)[0] if starts else ""


def _rated(text: str, client: Found | None) -> Heard:
    feeling, words = FEELING.take(text)
    return Heard(client, int(feeling) if feeling else None, words.strip())
