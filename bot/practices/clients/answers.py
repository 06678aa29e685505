"""What the form about a client says: people and channels looked up, each fault a sentence at its field."""

import asyncio
import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from bot.practices.clients import forms
from bot.practices.clients.rules import BadName, Stage, check_name, fold
from bot.practices.clients.service import ChannelTaken, Details, NameTaken, TooManyAliases
from bot.slack.forms import FieldErrors
from bot.workspaces.directory import Channel, Exposure, Member
from bot.workspaces.here import Here
from bot.workspaces.picking import NOT_READ, not_ours

EARLIEST = dt.date(1900, 1, 1)
READ_ALONG = (
    "Guests or another organisation can read that channel. Pick one that only your own people can read, or have an"
    " admin allow it: /ember channels."
)
COVER_IS_OWNER = "Pick somebody else to cover: this one looks after them already."


async def read_details(here: Here, values: dict[str, Any]) -> tuple[Details, dict[str, Channel]]:
    """Return what the form says by our ids, and the channels it is heard in by Slack's.

    Asks Slack about people and channels, so no session may be open.  Raises FieldErrors.
    """
    people = [values["owner"], *filter(None, [values.get("backup")]), *values.get("team", ())]
    digest: str | None = values.get("digest")
    lookup = here.host.lookup
    members, heard, posted = await asyncio.gather(
        lookup.members(here.workspace, people, now=here.now),
        lookup.channels(here.workspace, values.get("heard_in", ()), now=here.now),
        lookup.channels(here.workspace, [digest] if digest else [], now=here.now, afresh=True),
    )
    errors = _people_faults(values, members)
    aliases = forms.typed_aliases(values.get("aliases"))
    errors |= _name_faults(values["name"], aliases)
    rhythm = forms.rhythm_days(values)
    if rhythm is None:
        errors["days"] = "Write after how many days, or choose another rhythm above."
    if digest and (fault := _digest_fault(posted.get(digest))):
        errors["digest"] = fault
    if errors or rhythm is None:
        raise FieldErrors(errors)
    details = Details(
        name=values["name"],
        owner=members[values["owner"]].id,
        rhythm_days=rhythm,
        backup=members[values["backup"]].id if values.get("backup") else None,
        team=frozenset(members[slack_id].id for slack_id in values.get("team", ())),
        heard_in=frozenset(heard[slack_id].id for slack_id in values.get("heard_in", ())),
        digest_channel_id=posted[digest].id if digest else None,
        started_on=_started(values.get("started"), here.local.date()),
        stage=Stage(values["stage"]),
        is_key=bool(values.get("key")),
        aliases=aliases,
    )
    return details, heard


def _started(said: dt.date | None, today: dt.date) -> dt.date | None:
    if said is not None and not EARLIEST <= said <= today:
        raise FieldErrors({"started": f"Pick a day between {EARLIEST.year} and today, or leave it empty."})
    return said


def _people_faults(values: dict[str, Any], members: dict[str, Member]) -> dict[str, str]:
    picked: dict[str, Collection[str]] = {
        "owner": [values["owner"]],
        "backup": [values["backup"]] if values.get("backup") else [],
        "team": values.get("team", ()),
    }
    errors = {}
    for block, slack_ids in picked.items():
        if any(slack_id not in members for slack_id in slack_ids):
            errors[block] = NOT_READ
        elif any(not members[slack_id].is_ours for slack_id in slack_ids):
            errors[block] = not_ours("can't look after a client")
    if values.get("backup") == values["owner"]:
        errors.setdefault("backup", COVER_IS_OWNER)
    return errors


def _name_faults(name: str, aliases: Collection[str]) -> dict[str, str]:
    errors = {}
    for block, text in (("name", name), *(("aliases", alias) for alias in aliases)):
        try:
            check_name(text)
        except BadName as error:
            errors[block] = str(error)
    return errors


def _digest_fault(channel: Channel | None) -> str | None:
    if channel is None or channel.exposure is Exposure.UNKNOWN:
        return "Ember could not check who reads that channel. Invite Ember there first, then save again."
    if channel.is_archived:
        return "That channel is archived. Pick one that people still read."
    if channel.exposure is Exposure.VISIBLE and not channel.is_allowed:
        return READ_ALONG
    return None


@contextmanager
def faults_at_fields(details: Details, channels: dict[str, Channel]) -> Iterator[None]:
    """Show what stopped a use case at the field that caused it; the transaction inside is rolled back."""
    try:
        yield
    except NameTaken as fact:
        at = "name" if fold(fact.name) == fold(details.name) else "aliases"
        raise FieldErrors({at: taken(fact)}) from None
    except TooManyAliases as fact:
        raise FieldErrors({"aliases": str(fact)}) from None
    except ChannelTaken as fact:
        name = next((each.name for each in channels.values() if each.id == fact.channel_id), "")
        where = f"#{name}" if name else "One of these channels"
        raise FieldErrors({"heard_in": f"{where} is {fact.client_name}'s already; a channel has one client."}) from None


def taken(fact: NameTaken) -> str:
    """Return the sentence for a name that another client has."""
    if fold(fact.client.name) == fold(fact.name):
        return f"There is already a client called {fact.client.name}."
    return f"{fact.client.name} is called “{fact.name}” too. Choose another name."
