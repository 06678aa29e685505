"""What an undone check-in said beyond its words, packed into its draft, so that putting it back loses nothing."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Medium, OurRole, Purpose, Setting, Signal
from bot.practices.promises.rules import Guess
from bot.practices.promises.service import Promise
from bot.store.search import Visibility


def pack(checkin: Checkin, details: Details, promise: Promise | None, need: str | None = None) -> dict[str, Any]:
    """Return what a check-in says beyond client, rating, note and way in, as JSON."""
    said = {"what": promise.what, "due": promise.due_on.isoformat(), "theirs": promise.theirs} if promise else None
    return {
        "happened_on": checkin.happened_on.isoformat(),
        "visibility": checkin.visibility,
        "purpose": checkin.purpose,
        "medium": checkin.medium,
        "setting": checkin.setting,
        "unsaid": checkin.unsaid,
        "quote": checkin.quote,
        "win": checkin.win,
        "struggle": checkin.struggle,
        "our_role": checkin.our_role,
        "people": sorted(str(contact_id) for contact_id in details.people),
        "signals": sorted(details.signals),
        "promise": said,
        "need": need,
        "source_channel": checkin.source_channel,
        "source_ts": checkin.source_ts,
    }


def unpack(more: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was packed, as the arguments of a Note; a draft from before a question was asked lacks its answer."""
    said = more["promise"]
    people = frozenset(uuid.UUID(contact_id) for contact_id in more["people"])
    return {
        "said_on": dt.date.fromisoformat(more["happened_on"]),
        "visibility": Visibility(more["visibility"]),
        "purpose": Purpose(more["purpose"]),
        "medium": Medium(more["medium"]) if more["medium"] else None,
        "setting": Setting(more["setting"]) if more["setting"] else None,
        "unsaid": more["unsaid"],
        "quote": more["quote"],
        "win": more.get("win"),
        "struggle": more.get("struggle"),
        "our_role": OurRole(more["our_role"]) if more.get("our_role") else None,
        "details": Details(people, frozenset(Signal(signal) for signal in more["signals"])),
        "promise": Guess(said["what"], dt.date.fromisoformat(said["due"]), said["theirs"]) if said else None,
        "need": more.get("need"),
        "source_channel": more["source_channel"],
        "source_ts": more["source_ts"],
    }
