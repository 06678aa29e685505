"""`/ember settings`: how the workspace is spoken to, which admins decide, and how one is spoken to oneself."""

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import rapidfuzz
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier.gate import Policy, next_moment
from bot.courier.times import at_local
from bot.practices.clients.answers import READ_ALONG
from bot.practices.practice import clicks
from bot.slack.forms import FieldErrors, read_metadata
from bot.store.base import new_id
from bot.store.seen import first_time
from bot.surfaces import settings_form as forms
from bot.surfaces import timetable
from bot.surfaces.decided import decided_lately
from bot.workspaces import directory, holidays, settings
from bot.workspaces.directory import Channel, Exposure
from bot.workspaces.here import Here, as_id
from bot.workspaces.holidays import UnknownCountry
from bot.workspaces.lookup import zones
from bot.workspaces.settings import FadeFirst, Preference, Settings

CHANGED = "Somebody changed the settings meanwhile. Close this and open it again."
NOT_READ = "Ember could not check who reads that channel. Invite Ember there first, then save again."
ARCHIVED = "That channel is archived. Pick one that people still read."
BOTH_OR_NEITHER = "Choose both ends of your quiet hours, or leave both empty."
ALIKE = 60
"""How alike, of 100, a zone's name has to be to what was typed to be offered."""


def register(app: AsyncApp) -> None:
    """Connect the forms and their buttons."""
    app.action(clicks("settings.open"))(opened)
    app.action(clicks("settings.workspace"))(open_workspace)
    app.view(forms.OWN.name)(save_own)
    app.view(forms.WORKSPACE.name)(save)


async def opened(ack: AsyncAck, here: Here) -> None:
    """Open the form for oneself; an admin goes on from there to the workspace's."""
    async with here.look() as session:
        known = await settings.read(session)
        chosen = (await settings.preferences(session, [here.member.id]))[here.member.id]
    await ack()
    here.open(forms.own_view(known, chosen, here.member))
    here.later("load the calendars", asyncio.to_thread(holidays.warm))


async def open_workspace(ack: AsyncAck, here: Here) -> None:
    """Open the form for the workspace.  Raises Refused for all but admins."""
    settings.require_admin(here.member)
    async with here.look() as session:
        known = await settings.read(session)
        tz = known.tz or here.member.tz
        ids = [known.team_channel_id] if known.team_channel_id is not None else []
        channel = next(iter((await directory.channels_by_id(session, ids)).values()), None)
        decided = await decided_lately(session, here, settings.NAMED.values())
    await ack()
    here.open(forms.workspace_view(known, tz, channel, new_id(), decided))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep the settings of the workspace, and who decided so."""
    settings.require_admin(here.member)
    said = forms.WORKSPACE.read(view, always=("digest_at", "tz", "quiet_from", "quiet_until", "workdays", "fade_first"))
    carried = read_metadata(view)
    key = f"view:{as_id(carried.get('n'))}"
    channel = await _team_channel(here, said.get("channel"))
    chosen = Settings(
        team_channel_id=channel.id if channel is not None else None,
        tz=_zone(said["tz"]),
        digest_at=said["digest_at"],
        quiet_from=said["quiet_from"],
        quiet_until=said["quiet_until"],
        workdays=forms.workdays(said["workdays"]),
        country=await _country(said.get("country")),
        fade_first=FadeFirst(said["fade_first"]),
        wants_wrap=bool(said.get("wrap")),
    )
    _require_heard("digest_at", chosen.digest_at, chosen.quiet_from, chosen.quiet_until)
    async with here.work() as session:
        known = await settings.read(session)
        wanted = replace(chosen, fade_at=known.fade_at)
        if await first_time(session, key, ref=here.workspace.id, now=here.now) is None:
            if forms.fingerprint(known) not in {carried.get("h"), forms.fingerprint(wanted)}:
                raise FieldErrors({"channel": CHANGED})
            known = await settings.change(session, wanted, by=here.member, now=here.now)
            await timetable.keep(session, here.now)
        ids = [known.team_channel_id] if known.team_channel_id is not None else []
        channel = next(iter((await directory.channels_by_id(session, ids)).values()), None)
        tz = await settings.zone(session, known)
    await here.show(ack, forms.saved(known, tz, channel))


async def save_own(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep how somebody wants to be spoken to."""
    said = forms.OWN.read(view, always=("morning_at",))
    begins, ends = said.get("quiet_from"), said.get("quiet_until")
    if (begins is None) != (ends is None):
        raise FieldErrors({"quiet_until" if ends is None else "quiet_from": BOTH_OR_NEITHER})
    country = await _country(said.get("country"))
    dms = said.get("dms", ())
    async with here.work() as session:
        known = await settings.read(session)
        before = (await settings.preferences(session, [here.member.id]))[here.member.id]
        chosen = replace(
            before,
            morning_at=said["morning_at"],
            quiet_from=begins,
            quiet_until=ends,
            country=country,
            wants_morning=forms.MORNING in dms,
            wants_dates=forms.DATES in dms,
        )
        _require_heard("morning_at", chosen.morning_at, *_quiet_hours(known, chosen))
        await settings.change_preference(session, here.member.id, chosen)
        await timetable.keep(session, here.now)
    await here.show(ack, forms.own_saved(known, chosen))


def _quiet_hours(known: Settings, chosen: Preference) -> tuple[dt.time, dt.time]:
    if chosen.quiet_from is None or chosen.quiet_until is None:
        return known.quiet_from, known.quiet_until
    return chosen.quiet_from, chosen.quiet_until


def _require_heard(block: str, at: dt.time, begins: dt.time, ends: dt.time) -> None:
    """Raise FieldErrors for a time within the quiet hours, at which nothing would ever come."""
    moment = at_local(dt.date(2026, 1, 1), at, "UTC")
    if next_moment(Policy("UTC", begins, ends), moment) != moment:
        quiet = f"from {begins:%H:%M} to {ends:%H:%M}"
        raise FieldErrors({block: f"It is quiet {quiet}. Choose a time outside, or change the quiet hours below."})


async def _team_channel(here: Here, slack_id: str | None) -> Channel | None:
    """Return the channel picked, asking Slack afresh who reads it.  Raises FieldErrors."""
    if slack_id is None:
        return None
    found = await here.host.lookup.channels(here.workspace, [slack_id], now=here.now, afresh=True)
    channel = found.get(slack_id)
    if channel is None or channel.exposure is Exposure.UNKNOWN:
        raise FieldErrors({"channel": NOT_READ})
    if channel.is_archived:
        raise FieldErrors({"channel": ARCHIVED})
    if channel.exposure is Exposure.VISIBLE and not channel.is_allowed:
        raise FieldErrors({"channel": READ_ALONG})
    return channel


def _zone(typed: str) -> str:
    """Return the zone that somebody typed, by its last part too ("berlin").  Raises FieldErrors."""
    wanted = typed.strip().replace(" ", "_").casefold()
    exact = [name for name in zones() if name.casefold() == wanted]
    by_place = [name for name in zones() if name.rpartition("/")[2].casefold() == wanted and "/" in name]
    if exact or len(by_place) == 1:
        return (exact or by_place)[0]
    nearest = rapidfuzz.process.extractOne(wanted, sorted(zones()), processor=str.casefold, score_cutoff=ALIKE)
    example = nearest[0] if nearest is not None else "Europe/Berlin"
    raise FieldErrors({"tz": f"Ember does not know that time zone. Is it {example}?"})


async def _country(typed: str | None) -> str | None:
    """Return a country's code as it is kept.  Raises FieldErrors."""
    if typed is None:
        return None
    try:
        return await asyncio.to_thread(holidays.code_of, typed)
    except UnknownCountry as fact:
        raise FieldErrors({"country": str(fact)}) from None
