"""What an undone check-in said beyond its words, packed into its draft, so that putting it back brings that back.

Not put back: when and by whom its promise was moved or settled, whether the question of three lines was asked, thanks.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Medium, OurRole, Purpose, Setting, Signal
from bot.practices.promises.rules import Guess, PromiseState
from bot.practices.promises.service import Promise
from bot.store.search import Visibility


def pack(
    checkin: Checkin, details: Details, promise: Promise | None, need: str | None, others: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a check-in says beyond client, rating, note and way in, as JSON; others: what came from it."""
    said = _promise(promise) if promise else None
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
        "others": others,
        "source_channel": checkin.source_channel,
        "source_ts": checkin.source_ts,
    }


def _promise(promise: Promise) -> dict[str, Any]:
    moved_from = promise.moved_from.isoformat() if promise.moved_from is not None else None
    return {
        "what": promise.what,
        "due": promise.due_on.isoformat(),
        "theirs": promise.theirs,
        "state": promise.state.value,
        "carrier": str(promise.carrier_id),
        "moved_from": moved_from,
        "times_moved": promise.times_moved,
    }


def as_it_was(promise: Promise, more: Mapping[str, Any]) -> Promise:
    """Return a promise that is put back with who carried it and what was packed of its moves."""
    said = more["promise"]
    return replace(
        promise,
        carrier_id=uuid.UUID(said["carrier"]),
        moved_from=dt.date.fromisoformat(said["moved_from"]) if said["moved_from"] else None,
        times_moved=said["times_moved"],
    )


def without(more: Mapping[str, Any], contact_id: uuid.UUID) -> dict[str, Any] | None:
    """Return what was packed without a person; None where they are not in it."""
    there = more.get("people", [])
    left = [one for one in there if one != str(contact_id)]
    return {**more, "people": left} if left != there else None


def state(more: Mapping[str, Any]) -> PromiseState:
    """Return what had become of a promise that is put back."""
    return PromiseState(more["promise"].get("state", PromiseState.OPEN))


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
