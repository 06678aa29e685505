"""The two forms behind `/ember settings`: for the whole workspace, which admins fill in, and for oneself."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from bot.courier.times import mask
from bot.slack.blocks import Block, View, actions, button, context, section
from bot.slack.fields import Checks, ConversationPick, Flag, Hour, Option, Radio, Text
from bot.slack.forms import Form
from bot.slack.panel import Panel
from bot.slack.text import WEEKDAYS, Markup, bold, lines, markup
from bot.workspaces.directory import Channel, Member
from bot.workspaces.settings import FadeFirst, Preference, Settings, named_days

MORNING, DATES = "morning", "dates"
CODE_HINT = "Two letters, such as DE, or with a region: DE-BY, US-CA."
LEARNED = {"fade_at"}

WORKSPACE = Form(
    "settings.save",
    "Settings for everyone",
    "Save",
    (
        ConversationPick(
            "channel",
            "Team channel",
            required=False,
            include=("public", "private"),
            exclude_external_shared_channels=True,
            hint="The morning digest and alerts go there. Nobody but your own people may be able to read it.",
        ),
        Hour("digest_at", "The digest comes at", missing="Choose a time for the digest."),
        Text("tz", "Time zone", max_length=64, hint="Such as Europe/Berlin.", missing="Write a zone: Europe/Berlin."),
        Hour("quiet_from", "Quiet from", missing="Choose when it gets quiet."),
        Hour(
            "quiet_until",
            "Quiet until",
            missing="Choose when it is quiet no more.",
            hint="Ember starts no conversation in between. Choose the same time twice for no quiet hours.",
        ),
        Checks(
            "workdays",
            "Working days",
            options=tuple(Option(str(place), name) for place, name in enumerate(WEEKDAYS)),
            missing="Tick at least one day.",
        ),
        Text("country", "Public holidays of", required=False, max_length=16, hint=f"{CODE_HINT} Empty: none are kept."),
        Radio(
            "fade_first",
            "When a client has gone quiet, who hears first?",
            options=(
                Option(FadeFirst.CHANNEL, "The team channel"),
                Option(FadeFirst.OWNER, "Whoever looks after them; the channel a working day later"),
            ),
            missing="Choose who hears first.",
        ),
        Flag("wrap", "On Fridays", text="Close the week with a short wrap"),
    ),
)
OWN = Form(
    "settings.own",
    "My settings",
    "Save",
    (
        Hour("morning_at", "Your morning comes at", missing="Choose a time for your morning."),
        Checks(
            "dms",
            "What reaches me by direct message",
            required=False,
            options=(
                Option(MORNING, "Your morning", "Once a day, when something is due with your clients"),
                Option(DATES, "Dates that matter", "On the day itself"),
            ),
        ),
        Text("country", "Public holidays of", required=False, max_length=16, hint=f"{CODE_HINT} Empty: as the team's."),
        Hour("quiet_from", "Quiet from", required=False),
        Hour("quiet_until", "Quiet until", required=False, hint="Leave both empty for the team's quiet hours."),
    ),
)


def fingerprint(known: Settings) -> str:
    """Return what tells whether the settings were changed since a form was opened; what is learned does not count."""
    said = [f"{field.name}={getattr(known, field.name)}" for field in fields(known) if field.name not in LEARNED]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def workspace_view(known: Settings, tz: str, channel: Channel | None, nonce: uuid.UUID, decided: Markup) -> View:
    """Return the form for the workspace, filled in.

    tz: the zone shown until one has been chosen; decided: what was decided last; empty where nothing was.
    """
    values: dict[str, Any] = {
        "channel": channel.slack_id if channel is not None else None,
        "digest_at": known.digest_at,
        "tz": tz,
        "quiet_from": known.quiet_from,
        "quiet_until": known.quiet_until,
        "workdays": tuple(str(place) for place in range(7) if known.workdays >> place & 1),
        "country": known.country,
        "fade_first": known.fade_first,
        "wrap": known.wants_wrap,
    }
    after: list[Block] = [section(decided)] if decided else []
    return WORKSPACE.view(values, metadata={"n": str(nonce), "h": fingerprint(known)}, after=after)


def own_view(known: Settings, chosen: Preference, member: Member) -> View:
    """Return the form for oneself, filled in, with the way to the workspace's for those who may change it."""
    dms = tuple(word for word, wants in ((MORNING, chosen.wants_morning), (DATES, chosen.wants_dates)) if wants)
    values: dict[str, Any] = {
        "morning_at": chosen.morning_at,
        "dms": dms,
        "country": chosen.country,
        "quiet_from": chosen.quiet_from,
        "quiet_until": chosen.quiet_until,
    }
    zone = markup("Times are by your own clock, {zone}, as your Slack profile says.", zone=member.tz.replace("_", " "))
    before: list[Block] = [context(zone)]
    if member.is_admin:
        before.insert(0, actions(button("Settings for everyone", "settings.workspace")))
    else:
        before.append(context(markup("For everyone: {said}. An admin can change that.", said=_in_short(known))))
    return OWN.view(values, before=before)


def workdays(picked: Collection[str]) -> int:
    """Return the days ticked, as bits."""
    return mask([int(place) for place in picked])


def saved(known: Settings, tz: str, channel: Channel | None) -> Panel:
    """Return what is shown once the workspace's settings are kept: what holds now."""
    where = Markup(f"<#{channel.slack_id}>") if channel is not None else "no channel yet"
    first = "whoever looks after them" if known.fade_first is FadeFirst.OWNER else "the team channel"
    said = [
        _line("Digest", markup("{days} at {at} ({tz}), in {where}", **_digest(known), tz=tz, where=where)),
        _line("Quiet hours", _quiet(known.quiet_from, known.quiet_until)),
        _line("Public holidays", known.country or "none are kept"),
        _line("When a client has gone quiet", f"{first} hears first"),
        _line("Friday's wrap", "on" if known.wants_wrap else "off"),
    ]
    blocks: list[Block] = [section(lines([Markup("*This holds now for everyone:*"), *said]))]
    if channel is not None:
        blocks.append(context(Markup("Is Ember in that channel yet? `/invite @Ember` there lets it in.")))
    return Panel("Settings saved", "The settings for everyone are saved.", blocks, outcome="The settings are saved.")


def own_saved(known: Settings, chosen: Preference) -> Panel:
    """Return what is shown once somebody's own settings are kept: what holds now."""
    mornings = f"at {_hour(chosen.morning_at)}, when something is due" if chosen.wants_morning else "off"
    if chosen.quiet_from is not None and chosen.quiet_until is not None:
        quiet = _quiet(chosen.quiet_from, chosen.quiet_until)
    else:
        quiet = f"{_quiet(known.quiet_from, known.quiet_until)}, as the team's"
    said = [
        _line("Your morning", mornings),
        _line("Dates that matter", "on the day itself" if chosen.wants_dates else "off"),
        _line("Quiet hours", quiet),
        _line("Public holidays", chosen.country or f"{known.country or 'none'}, as the team's"),
    ]
    blocks: list[Block] = [section(lines([Markup("*This holds now for you:*"), *said]))]
    return Panel("Settings saved", "Your settings are saved.", blocks, outcome="Your settings are saved.")


def _line(about: str, said: str) -> Markup:
    return markup("{about}: {said}", about=bold(about), said=said)


def _digest(known: Settings) -> Mapping[str, str]:
    return {"days": named_days(known.workdays), "at": _hour(known.digest_at)}


def _in_short(known: Settings) -> Markup:
    return markup("the digest {days} at {at}; quiet hours {quiet}", **_digest(known), quiet=_quiet_of(known))


def _quiet_of(known: Settings) -> str:
    return _quiet(known.quiet_from, known.quiet_until)


def _quiet(begins: dt.time, ends: dt.time) -> str:
    return "none" if begins == ends else f"{_hour(begins)} to {_hour(ends)}"


def _hour(time: dt.time) -> str:
    return time.strftime("%H:%M")
