"""`ember tick`: one round by hand, for an instant, or a rehearsal of it."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app import build
from bot.clock import Clock, MovableClock
from bot.config import DatabaseSettings, Settings
from bot.courier import policies
from bot.courier.once import Result, once
from bot.courier.rehearsal import Line, Rehearsal
from bot.store.engine import Store
from bot.store.schema import require_head
from bot.surfaces.speeches import SPEECHES
from bot.workspaces import directory, installs

EXAMPLE: Final = "2026-05-14T09:00+02:00"
Row: TypeAlias = dict[str, Any]


class BadInstant(ValueError):
    """The instant cannot be used; the sentence says why and what to do."""


def instant(text: str) -> dt.datetime:
    """Return what `--at` says, in UTC.  Raises BadInstant."""
    try:
        at = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInstant(f"“{text}” is no instant. Write it like this: --at {EXAMPLE}") from None
    if at.tzinfo is None:
        raise BadInstant(f"“{text}” does not say in which zone. Write it like this: --at {EXAMPLE}")
    return at.astimezone(dt.UTC)


def require_past(at: dt.datetime, *, early: bool) -> None:
    """Raise BadInstant for an instant that is still to come, unless that is meant."""
    if at > Clock().now() and not early:
        raise BadInstant(
            "That instant is still to come. What is sent now is not sent again then: add --yes-send-early if you mean"
            " it, or --dry-run to only see it."
        )


async def rehearse(settings: DatabaseSettings, at: dt.datetime) -> list[Row]:
    """Return what would be said, without keeping anything or asking Slack.  Raises NotMigrated."""
    speeches = {speech.kind: speech for speech in SPEECHES}
    store = Rehearsal(settings.ember_database_url, speeches, at, policies.hold)
    try:
        await require_head(store)
        return [_line(line, at) for line in await store.lines()]
    finally:
        await store.close()


async def send(settings: Settings, at: dt.datetime) -> list[Row]:
    """Plan and say what is due, and return what became of it.  Raises NotMigrated."""
    ember = build(settings, MovableClock(at))
    try:
        await require_head(ember.store)
        await ember.clients.open()
        results = await once(ember.courier, ember.store, at)
        names = await _names(ember.store, {result.recipient for result in results})
        return [_result(result, names.get(result.recipient, result.recipient)) for result in results]
    finally:
        await ember.clients.close()
        await ember.store.close()


async def _names(store: Store, recipients: set[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    async with store.look(None) as session:
        workspaces = await installs.all_workspaces(session)
    for workspace in workspaces:
        async with store.look(workspace.id) as session:
            people = await directory.find_members(session, recipients)
            channels = await directory.find_channels(session, recipients)
        names |= {one: person.name for one, person in people.items()}
        names |= {one: f"#{channel.name}" for one, channel in channels.items()}
    return names


def _line(line: Line, at: dt.datetime) -> Row:
    delivery, message = line.delivery, line.message
    return {
        "workspace": line.workspace,
        "to": line.name,
        "recipient": delivery.recipient,
        "kind": delivery.kind,
        "local_date": delivery.local_date.isoformat(),
        "due_at": delivery.due_at.isoformat(),
        "expires_at": delivery.expires_at.isoformat(),
        "late_seconds": int((at - delivery.due_at).total_seconds()),
        "fate": line.fate,
        "text": message.text if message is not None else None,
        "blocks": list(message.blocks) if message is not None else None,
    }


def _result(result: Result, name: str) -> Row:
    fate = f"{result.state}: {result.why}" if result.why else str(result.state)
    return {
        "to": name,
        "recipient": result.recipient,
        "kind": result.kind,
        "due_at": result.due_at.isoformat(),
        "fate": fate,
    }


def show(rows: Sequence[Row], *, as_json: bool) -> None:
    """Write what was found to standard output: a table, or JSON."""
    if as_json:
        typer.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    console = Console()
    if not rows:
        console.print("Nothing is due at that instant.")
        return
    table = Table(show_lines=True)
    for title in ("To", "What", "Due (UTC)", "Fate", "Says"):
        table.add_column(title)
    for row in rows:
        due = row["due_at"][:16].replace("T", " ")
        cells = (row["to"], row["kind"], due, row["fate"], row.get("text") or "")
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
