"""`/ember away`: from when to when somebody is away, who covers, and coming back early."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.practice import clicks
from bot.slack.blocks import Block, Element, View, actions, button, confirm, context, section
from bot.slack.errors import Refused
from bot.slack.fields import Day, MemberPick, Text
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, day, lines, markup, quote
from bot.store.base import new_id
from bot.surfaces import timetable
from bot.workspaces import away, directory
from bot.workspaces.away import Away, BackTooLate, BackTooSoon, NoCover, Overlap
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, as_id
from bot.workspaces.picking import ours

NOT_AWAY = "You are not away, so there is nothing to end."
OVER = "That time away is not there any more."
NOTE_LENGTH = 500
SHOWN: Final = 10
BELOW: Final = Markup("What you save below changes that time.")

FORM = Form(
    "away.save",
    "Away and cover",
    "Save",
    (
        Day("from", "From", missing="Pick your first day away."),
        Day("back", "Back on", hint="Your first day back.", missing="Pick your first day back."),
        MemberPick("cover", "Who covers?", missing="Pick who looks after your clients meanwhile."),
        Text(
            "note",
            "Anything they should know?",
            required=False,
            multiline=True,
            max_length=NOTE_LENGTH,
            hint="Whoever covers reads it: /ember away shows it to them.",
        ),
    ),
)


def register(app: AsyncApp) -> None:
    """Connect the form and its buttons."""
    app.action(clicks("away.open"))(opened)
    app.action(clicks("away.another"))(open_another)
    app.action(clicks("away.change"))(open_one)
    app.action(clicks("away.back"))(come_back)
    app.action(clicks("away.cancel"))(cancel)
    app.view(FORM.name)(save)


async def opened(ack: AsyncAck, here: Here) -> None:
    """Open the form, filled in where somebody is away or is going to be."""
    await _open(ack, here, lambda planned: next(iter(planned), None))


async def open_another(ack: AsyncAck, here: Here) -> None:
    """Open the form for one more time away."""
    await _open(ack, here, lambda _: None)


async def open_one(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with the time away that a button stands for.  Raises Refused for one that is gone."""
    away_id = as_id(action.get("value"))

    def that_one(planned: Sequence[Away]) -> Away:
        found = next((one for one in planned if one.id == away_id), None)
        if found is None:
            raise Refused(OVER)
        return found

    await _open(ack, here, that_one)


async def _open(ack: AsyncAck, here: Here, which: Callable[[Sequence[Away]], Away | None]) -> None:
    today = here.local.date()
    async with here.look() as session:
        planned = await away.upcoming(session, here.member.id, today)
        covered = await away.covered_by(session, here.member.id, today)
        ids = {one.member_id for one in covered} | {one.cover_id for one in planned if one.cover_id is not None}
        people = await directory.members_by_id(session, ids)
    known = which(planned)
    await ack()
    here.open(_view(known, [one for one in planned if one != known], covered, people, today))


def _view(
    known: Away | None,
    others: Sequence[Away],
    covered: Sequence[Away],
    people: Mapping[uuid.UUID, Member],
    today: dt.date,
) -> View:
    values: dict[str, Any] = {"from": today}
    metadata = {"n": str(new_id())}
    before: list[Block] = [section(_covering(one, people, today)) for one in covered if one.member_id in people]
    before += [section(_when(one, today), accessory=_change(one, today)) for one in others[:SHOWN]]
    if known is None:
        before.append(context(Markup("While you are away, Ember brings your clients up with whoever covers.")))
    else:
        cover = people.get(known.cover_id) if known.cover_id is not None else None
        slack_id = cover.slack_id if cover is not None else None
        values = {"from": known.from_on, "back": known.back_on, "cover": slack_id, "note": known.note}
        metadata["a"] = str(known.id)
        ways_on = _ending(known, today), button("Another time away", "away.another")
        before += [section(_when(known, today)), actions(*ways_on), context(BELOW)]
    return FORM.view(values, metadata=metadata, before=before)


def _change(one: Away, today: dt.date) -> Element:
    heard = f"Change the time away from {day(one.from_on, today)}"
    return button("Change", f"away.change:{one.id}", value=str(one.id), accessibility_label=heard)


def _covering(one: Away, people: Mapping[uuid.UUID, Member], today: dt.date) -> Markup:
    said = markup(
        "You cover for {who}, back on {back}.", who=bold(people[one.member_id].name), back=day(one.back_on, today)
    )
    return lines([said, quote(one.note) if one.note else ""])


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep when somebody is away and who covers."""
    said = FORM.read(view, always=("from", "back", "cover"))
    carried, today = read_metadata(view), here.local.date()
    cover = await ours(here, said["cover"], "cover", "can't cover")
    try:
        async with here.work() as session:
            made = await away.set_away(
                session,
                here.member.id,
                from_on=said["from"],
                back_on=said["back"],
                cover_id=cover.id,
                note=said.get("note"),
                instead_of=as_id(carried["a"]) if "a" in carried else None,
                key=f"view:{as_id(carried.get('n'))}",
                today=today,
                now=here.now,
            )
            await timetable.keep(session, here.now)
            left = await away.covered_by(session, here.member.id, made.from_on, until=made.back_on)
            people = await directory.members_by_id(
                session, {one.member_id for one in left} | {made.cover_id or cover.id}
            )
    except (BackTooSoon, BackTooLate) as fault:
        raise FieldErrors({"back": str(fault)}) from None
    except Overlap as fault:
        raise FieldErrors({"from": str(fault)}) from None
    except NoCover as fault:
        raise FieldErrors({"cover": str(fault)}) from None
    await here.show(ack, _saved(made, left, people, today))


async def come_back(ack: AsyncAck, here: Here) -> None:
    """End somebody's own absence today."""
    async with here.work() as session:
        ended = await away.come_back(session, here.member.id, today=here.local.date())
        await timetable.keep(session, here.now)
    if ended is None:
        raise Refused(NOT_AWAY)
    said = Markup("Welcome back. Ember brings your clients up with you again.")
    await here.show(ack, Panel("Welcome back", said, [section(said)], outcome="You are back."))


async def cancel(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Give up a time away that has not begun."""
    async with here.work() as session:
        if not await away.cancel(session, here.member.id, as_id(action.get("value"))):
            raise Refused(OVER)
        await timetable.keep(session, here.now)
    said = Markup("That time away is taken out. Ember goes on bringing your clients up with you.")
    await here.show(ack, Panel("Not away", said, [section(said)], outcome="The time away is taken out."))


def _saved(made: Away, left: Sequence[Away], people: dict[uuid.UUID, Member], today: dt.date) -> Panel:
    cover = people[made.cover_id].name if made.cover_id in people else "Nobody"
    said = lines([_when(made, today), markup("{cover} covers.", cover=bold(cover))], " ")
    blocks: list[Block] = [section(lines([said, quote(made.note) if made.note else ""]))]
    names = ", ".join(people[one.member_id].name for one in left if one.member_id in people)
    if names:
        blocks.append(
            context(markup("You were to cover for {names}. They need somebody else for those days.", names=names))
        )
    blocks.append(actions(_ending(made, today)))
    return Panel("Away and cover", said, blocks, outcome="Your time away is saved.")


def _when(one: Away, today: dt.date) -> Markup:
    begins = day(one.from_on, today)
    starts = "since {begins}" if one.from_on < today else "from {begins}"
    return markup("You are away " + starts + ", back on {back}.", begins=begins, back=day(one.back_on, today))


def _ending(one: Away, today: dt.date) -> Element:
    if one.holds_on(today):
        return button("I'm back", "away.back")
    asks = confirm("Not away after all?", "This time away is taken out.", "Take it out", "Keep it")
    return button("Not away after all", "away.cancel", value=str(one.id), confirm=asks)
