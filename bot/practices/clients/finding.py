"""Which client is meant: by id, by channel, by what somebody types."""

import uuid
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process

from bot.practices.clients import called, places, rows
from bot.practices.clients.rows import Client, Found
from bot.practices.clients.rules import fold, split_name
from bot.slack.errors import Refused
from bot.store.session import Work

GOOD_MATCH = 80
NEAREST_WORDS = 3
LONGEST_GUESS = 120
MOST_WORDS = 4_000
COMPARED = 30
WORD_WEIGHT = 0.9
MOST_PREFIXES = 6


class UnknownClient(Refused):
    """No such client here; the sentence says what to do."""


async def get(session: Work, client_id: uuid.UUID) -> Client:
    """Return a client.  Raises UnknownClient."""
    return _known(await rows.get(session, client_id))


async def hold(session: Work, client_id: uuid.UUID) -> Client:
    """Return a client, and have others who change it or what was logged about it wait until this transaction is over.

    Whoever changes any of that holds the client first, and several in the order of their ids: so nobody waits in a
    circle.  Raises UnknownClient.
    """
    return _known(await rows.hold(session, client_id))


def _known(client: Client | None) -> Client:
    if client is None:
        raise UnknownClient("That client is gone, or never was. `/client list` shows the ones there are.")
    return client


async def get_many(session: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Client]:
    """Return those of these clients that exist, by id."""
    return await rows.get_many(session, ids)


async def in_channel(session: Work, slack_channel_id: str) -> Client | None:
    """Return the client heard in a channel, by Slack's channel id."""
    return await places.in_channel(session, slack_channel_id) if slack_channel_id else None


async def offer(session: Work, typed: str, *, limit: int = 100, first_of: uuid.UUID | None = None) -> list[Found]:
    """Return clients whose names have a word that starts with each word typed, active ones first, none that ended.

    Nothing typed offers the first by name, those that the member `first_of` looks after before others.
    """
    opening = fold(typed[:LONGEST_GUESS])
    prefixes = set(opening.split()[:MOST_PREFIXES])
    if prefixes:
        return await called.starting_with(session, prefixes, opening=opening, limit=limit)
    if typed.strip():
        return []
    own = [] if first_of is None else await rows.first(session, of=first_of, limit=limit)
    return list(dict.fromkeys([*own, *await rows.first(session, limit=limit)]))[:limit]


async def split_line(session: Work, text: str) -> tuple[Found, str] | None:
    """Return the client whose exact name or alias opens a line, and the rest; the longest name wins."""
    asked: list[str] = []

    def note(folded: str) -> None:
        asked.append(folded)

    split_name(text, note)
    if not asked:
        return None
    split = split_name(text, (await called.by_names(session, asked)).get)
    return (split[0], _without_own_signs(split[1], split[0].name)) if split else None


def _without_own_signs(rest: str, name: str) -> str:
    """Return what follows a name without the signs that end the name itself: the glass of “Brew 🍺”."""
    sign, _, more = rest.partition(" ")
    return more.lstrip() if sign and not fold(sign) and name.endswith(sign) else rest


async def named(
    session: Work, typed: str, *, channel: str = "", example: str = "/client edit northwind"
) -> tuple[Client, str]:
    """Return the client that a command names, and the rest of it; where nothing is typed, the channel's client.

    example: the command as it works.  Raises UnknownClient with the nearest names.
    """
    if not typed.strip():
        here = await in_channel(session, channel)
        if here is None:
            raise UnknownClient(f"Which client? Add the name, as in `{example}`.")
        return here, ""
    split = await split_line(session, typed)
    if split is not None:
        return await get(session, split[0].id), split[1]
    guesses = " or ".join(found.name for found in await nearest(session, typed))
    if not guesses:
        raise UnknownClient("There are no clients yet. `/client new` sets up the first.")
    raise UnknownClient(f"There is no client by that name. Did you mean {guesses}?")


async def named_or_here(session: Work, typed: str, *, channel: str, example: str) -> tuple[Client, str]:
    """Return the client whose name opens a line, else the channel's own, and the rest of the line.  Raises as `named`.

    For what is only shown or filled in: a misspelt name must not change the channel's client instead.
    """
    here = await in_channel(session, channel)
    if here is not None and await split_line(session, typed) is None:
        return here, typed.strip()
    return await named(session, typed, channel=channel, example=example)


async def present_names(session: Work) -> dict[str, uuid.UUID]:
    """Return the clients that have not ended by every folded name and alias of theirs."""
    return await called.present_names(session)


async def nearest(session: Work, typed: str, limit: int = 3) -> list[Found]:
    """Return the clients whose names are most like the first words of a line, best first; none that ended.

    Names that share the first letters are compared first, others only while good matches are few.
    """
    said = fold(typed[:LONGEST_GUESS]).split()[:NEAREST_WORDS]
    first = said[0] if said else ""
    scores: dict[Found, float] = {}
    for letters in dict.fromkeys((first[:2], first[:1], "")):
        words = await called.words_starting(session, letters, limit=MOST_WORDS)
        for name, found in await called.names_of(session, _likely(said, words)):
            scores[found] = max(scores.get(found, 0), _likeness(said, name))
        if sum(score >= GOOD_MATCH for score in scores.values()) >= limit:
            break
    return sorted(scores, key=lambda found: (-scores[found], found.name))[:limit]


def _likely(said: Sequence[str], words: Sequence[tuple[str, uuid.UUID]]) -> set[uuid.UUID]:
    """Return the clients worth comparing in full: one of their words is like the first word said, or the first two."""
    choices = [word for word, _ in words]
    joined = {"".join(said[:1]), "".join(said[:2])}
    best = (hit for query in joined for hit in process.extract(query, choices, scorer=fuzz.ratio, limit=COMPARED))
    return {words[place][1] for _, _, place in best}


def _likeness(said: Sequence[str], name: str) -> float:
    """Return 0–100: the first words together against the name, or the first against any word of it."""
    if not said:
        return 0
    openings = (" ".join(said[:count]) for count in range(1, len(said) + 1))
    whole = max(fuzz.ratio(opening, name) for opening in openings)
    return max(whole, *(WORD_WEIGHT * fuzz.ratio(said[0], word) for word in name.split()))
