"""For whoever is curious: the clock, faults to switch on, and what goes over the wire."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import MovableClock
from bot.playground.faults import Standing
from bot.playground.page.stage import Stage, Told
from bot.playground.people import Member
from bot.playground.wire import Record

Json = dict[str, Any]

FAULTS: Mapping[Standing, str] = {
    "rate_limited": "Too many requests (429)",
    "dropped_line": "The line drops",
    "server_error": "Slack answers with an error (500)",
    "slow": "Slack is slow (3.5 s)",
    "late": "{app} answers too late (3 s)",
}
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
SHORT = 80


def time_shown(stage: Stage) -> Json:
    """Return what the clock shows."""
    clock = stage.ground.clock
    return {"now": clock.now().isoformat(), "moved": isinstance(clock, MovableClock) and clock.moved}


def move_clock(stage: Stage, to: str, member: Member) -> None:
    """Let the clock run on from another instant: "now", "+1h", "tomorrow9" where the member lives, or an ISO time."""
    if to == "now":
        stage.clock.run_now()
    else:
        stage.clock.run_at(_instant(stage.clock.now(), to, ZoneInfo(member.tz)))
    stage.world.changed("clock")


def faults_shown(stage: Stage) -> list[Json]:
    """Return every fault that can be switched on."""
    is_on, app = stage.ground.faults.is_on, stage.facts.name
    return [{"kind": kind, "label": label.format(app=app), "on": is_on(kind)} for kind, label in FAULTS.items()]


def switch_fault(stage: Stage, kind: str, *, on: bool) -> None:
    """Switch a fault on or off."""
    known = next((one for one in FAULTS if one == kind), None)
    if known is None:
        raise Told("There is no such fault.")
    stage.ground.faults.switch(known, on=on)
    stage.world.changed("faults")


def brief(record: Record) -> Json:
    """Return one line of the wire in short."""
    refusal = record.response.get("error") if isinstance(record.response, dict) else None
    return {
        "n": record.number,
        "direction": record.direction,
        "kind": record.kind,
        "at": record.at.isoformat(),
        "ms": round(record.elapsed * 1000),
        "status": record.status,
        "error": record.error or refusal or _cut_short(record),
        "summary": _summary(record)[:SHORT],
        "user": _actor(record),
        "answers": record.answers or None,
    }


def full(record: Record) -> Json:
    """Return one line of the wire with everything that was sent and answered."""
    return brief(record) | {"payload": record.payload, "response": record.response}


def _cut_short(record: Record) -> str | None:
    if record.kind.startswith("call:") and record.status == 0:
        return "connection cut"
    return f"HTTP {record.status}" if record.status >= 400 else None


def _instant(now: dt.datetime, to: str, zone: ZoneInfo) -> dt.datetime:
    if to == "+1h":
        return _sane(now + dt.timedelta(hours=1))
    if to == "tomorrow9":
        tomorrow = now.astimezone(zone).date() + dt.timedelta(days=1)
        return _sane(dt.datetime.combine(tomorrow, dt.time(9), zone))
    try:
        at = dt.datetime.fromisoformat(to)
    except ValueError:
        raise Told("That is no time.") from None
    return _sane(at if at.tzinfo else at.replace(tzinfo=zone))


def _sane(at: dt.datetime) -> dt.datetime:
    if not EARLIEST <= at <= LATEST:
        raise Told("The clock goes from 2000 to 2099.")
    return at


def _actor(record: Record) -> str | None:
    """Return who acted, for what a person sends the app."""
    body = record.payload if record.direction == "to_app" and isinstance(record.payload, dict) else {}
    user = body.get("user")
    return user.get("id") if isinstance(user, dict) else body.get("user_id")


def _summary(record: Record) -> str:
    body = record.payload
    if isinstance(body, str):
        return body
    if not isinstance(body, dict):
        return ""
    name, _, rest = record.kind.partition(":")
    if name == "command":
        return f"{body.get('command')} {body.get('text')}".strip()
    if name == "event":
        return _about_event(body.get("event") or {})
    if name == "call":
        return _about_call(body)
    if record.direction == "to_app":
        return _about_touch(body)
    return str(body.get("response_action") or body.get("text") or _title(body) or ("options" if body else rest))


def _about_event(event: Json) -> str:
    parts = (event.get("text"), event.get("tab"), event.get("user"), event.get("channel"))
    return " ".join(part for part in parts if isinstance(part, str) and part)


def _about_call(args: Json) -> str:
    parts = (args.get("channel"), args.get("user"), args.get("user_id"), args.get("text"), _title(args))
    return " ".join(part for part in parts if isinstance(part, str) and part)


def _about_touch(body: Json) -> str:
    touched = " ".join(word for action in body.get("actions") or () for word in _touched(action))
    view = body.get("view") or {}
    parts = (touched or body.get("action_id") or body.get("callback_id") or view.get("callback_id"), body.get("value"))
    return " ".join(str(part) for part in parts if part)


def _touched(action: Json) -> list[str]:
    chosen = action.get("selected_option") or {}
    return [str(word) for word in (action.get("action_id"), chosen.get("value")) if word]


def _title(body: Json) -> str:
    view = body.get("view")
    title = view.get("title") if isinstance(view, dict) else None
    return str(title.get("text")) if isinstance(title, dict) else ""
