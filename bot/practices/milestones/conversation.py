"""What people do with dates that matter in Slack: keep one, change it, say what they do about it."""

import datetime as dt
import uuid
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.forms import no_client
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.milestones import ahead, drawing, forms, service, speaking, telling, winning
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.rules import Occasion, Step
from bot.practices.people import service as people
from bot.practices.practice import Verb, clicks
from bot.slack.blocks import section
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import markup
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["VERBS", "register"]

BIRTHDAY = "birthday"
CHOICES = {"day": Step.ON_THE_DAY, "skip": Step.SKIPPED}


def register(app: AsyncApp) -> None:
    """Listen to the forms and to every button about a date."""
    app.view(forms.FORM.name)(save)
    app.view(forms.PLAN.name)(save_plan)
    app.action(forms.FALLS_ON)(picked)
    app.action(clicks("milestone.new"))(open_new)
    app.action(clicks("milestone.edit"))(open_edit)
    app.action(clicks("milestone.drop"))(drop)
    app.action(clicks("milestone.list"))(show_all)
    app.action(clicks("milestone.mark"))(mark)
    app.action(clicks("milestone.skip"))(skip)
    app.action(clicks("milestone.plan"))(open_plan)
    app.action(clicks("milestone.more"))(more)
    app.action(clicks("milestone.undo"))(undo)


async def date_verb(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client date northwind [Priya]`."""
    client = contact = None
    async with here.look() as session:
        if rest or await clients.in_channel(session, here.envelope.channel):
            client, said = await clients.named(session, rest, channel=here.envelope.channel)
            found = await people.offer(session, client.id, said, limit=2) if said else []
            contact = found[0] if len(found) == 1 else None
    is_birthday = here.envelope.typed.split(None, 1)[0].casefold() == BIRTHDAY
    await ack()
    here.open(forms.blank(new_id(), client, contact, Occasion.BIRTHDAY if is_birthday else None))


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open an empty form, for the client of the button if it has one; with the win of a check-in that it names."""
    client_id, _, checkin_id = str(action.get("value") or "").partition(":")
    client = told = None
    if client_id:
        async with here.look() as session:
            client = await clients.get(session, as_id(client_id))
            told = await winning.told(session, client, as_id(checkin_id), here.me) if checkin_id else None
    await ack()
    here.open(forms.of_a_win(new_id(), told) if told is not None else forms.blank(new_id(), client))


async def open_edit(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form with a date that is kept already."""
    async with here.look() as session:
        one = await service.editable(session, as_id(action.get("value")), by=here.member, today=here.local.date())
    await ack()
    here.open(forms.filled(one))


async def picked(ack: AsyncAck, here: Here, body: dict[str, Any]) -> None:
    """Ask about 29 February where that is the date picked; what was typed stays."""
    shown = body.get("view") or {}
    await ack()
    drawn = forms.redrawn(shown)
    if drawn is not None:
        here.update(drawn)


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a new date, or what was changed about one."""
    carried, today = read_metadata(view), here.local.date()
    said = forms.FORM.read(view, always=forms.ALWAYS)
    try:
        async with here.work() as session:
            before = await telling.heard_today(session, carried.get("m"), by=here.member, today=today)
            one = await _keep(session, here, said, carried, today)
            await telling.again(session, before, today, here.now)
            await telling.late(session, one, by=here.member, today=today, now=here.now)
    except clients.UnknownClient:
        raise no_client() from None
    except service.NotTheirPerson:
        raise FieldErrors({"people": "That person is not at this client. Pick again."}) from None
    except NotTheirsAlone as fault:
        raise FieldErrors({"visibility": str(fault)}) from None
    except service.NeedsWords:
        raise FieldErrors({"title": "Say in a few words what it is."}) from None
    await here.show(ack, drawing.saved(one, today))
    here.changed(one.client.id)


async def _keep(session: Work, here: Here, said: dict[str, Any], carried: dict[str, str], today: dt.date) -> Coming:
    if "m" in carried:
        milestone_id = as_id(carried["m"])
        kept = await whose.held(session, lambda: service.editable(session, milestone_id, by=here.member, today=today))
        details = forms.details(forms.FORM.merge(said, forms.said(kept), carried), today)
        return await service.edit(session, milestone_id, details, by=here.member, today=today)
    details, key = forms.details(said, today), f"view:{as_id(carried.get('n'))}"
    return await service.add(session, details, by=here.member, key=key, now=here.now, today=today)


async def drop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Forget a date."""
    today = here.local.date()
    async with here.work() as session:
        gone = await service.drop(session, as_id(action.get("value")), by=here.member, today=today)
        await telling.answered(session, gone, by=here.member, today=today, now=here.now)
    sentence = markup("{what} is not kept any more.", what=gone.what)
    await here.show(ack, Panel("Date deleted", sentence, [section(sentence)], outcome="The date is deleted."))
    here.changed(gone.client.id)


async def show_all(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show every date of a client that this member may see."""
    today = here.local.date()
    async with here.look() as session:
        client = await clients.get(session, as_id(action.get("value")))
        found = await ahead.coming(session, here.me, today, None, client_ids=[client.id])
    await here.show(ack, drawing.all_dates(client.name, client.id, found, today))


async def mark(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that the member marks a date this time."""
    await _answer(ack, here, action, action.get("value"), Step.MARKING)


async def skip(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Leave a date out this time."""
    await _answer(ack, here, action, action.get("value"), Step.SKIPPED)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in a date's menu."""
    chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
    if chosen in CHOICES:
        await _answer(ack, here, action, key, CHOICES[chosen])
    else:
        await open_plan(ack, here, {"value": key})


async def open_plan(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask what is planned."""
    milestone_id, on, _ = _key(action.get("value"))
    async with here.look() as session:
        one = await service.told(session, milestone_id, on, here.member, here.local.date())
    await ack()
    here.open(forms.plan(one, drawing.value(milestone_id, on)))


async def save_plan(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep what is planned; next year Ember says what it was."""
    words = forms.PLAN.read(view, always=("plan",))["plan"]
    milestone_id, on, _ = _key(read_metadata(view).get("k"))
    one = await _said(here, milestone_id, on, Step.PLANNED, words)
    await here.show(ack, drawing.alone(one, here.local.date()))
    here.changed(one.client.id)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take back what was said about a date this time."""
    milestone_id, on, said = _key(action.get("value"))
    today = here.local.date()
    async with here.work() as session:
        one = await service.unanswer(session, milestone_id, on, as_id(said), by=here.member, today=today)
        await telling.answered(session, one, by=here.member, today=today, now=here.now)
    await _show(ack, here, action, one)


async def _answer(ack: AsyncAck, here: Here, action: dict[str, Any], key: object, step: Step) -> None:
    milestone_id, on, _ = _key(key)
    await _show(ack, here, action, await _said(here, milestone_id, on, step, None))


async def _said(here: Here, milestone_id: uuid.UUID, on: dt.date, step: Step, words: str | None) -> Coming:
    async with here.work() as session:
        today, by = here.local.date(), here.member
        one = await service.answer(session, milestone_id, on, step, words=words, by=by, now=here.now, today=today)
        await telling.answered(session, one, by=by, today=today, now=here.now)
    return one


async def _show(ack: AsyncAck, here: Here, action: dict[str, Any], one: Coming) -> None:
    """Show a press where it was made: at once in the day's own message and in a window, a moment later in a morning."""
    today = here.local.date()
    block, _, rest = str(action.get("block_id")).partition(":")
    if block == drawing.TODAYS:
        its_day = _date(rest.partition(":")[0])
        async with here.look() as session:
            due = await speaking.todays(session, here.member, its_day, past=its_day < today)
        said = drawing.todays(due.dates, its_day, due.days_off) if due.dates else drawing.alone(one, today)
        await here.show(ack, said)
    elif here.envelope.view.get("type") == "modal":
        await here.show(ack, drawing.alone(one, today))
    else:
        await ack()
    here.changed(one.client.id)


def _key(carried: object) -> tuple[uuid.UUID, dt.date, str]:
    """Return which date, which time it comes round, and what was said, from what a button or a form carries."""
    milestone_id, _, rest = str(carried).partition(":")
    on, _, said = rest.partition(":")
    return as_id(milestone_id), _date(on), said


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(ahead.GONE) from None


VERBS = (
    Verb(
        ("date", "birthday", "milestone"),
        "Keep a date that matters",
        "/client date northwind Priya",
        date_verb,
    ),
)
