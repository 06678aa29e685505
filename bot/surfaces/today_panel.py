"""How the panel of what is worth doing now is drawn: for a phone, every row with its reason and one idea."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from bot.practices.checkins.panels import YESTERDAY
from bot.practices.checkins.rules import felt, may_undo
from bot.practices.checkins.service import Checkin
from bot.practices.promises.service import Promise
from bot.practices.spark.rules import Band
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, datepicker, header, option, overflow, section
from bot.slack.panel import Panel
from bot.slack.text import WEEKDAYS, Markup, bold, day, lines, markup, one_line, shorten
from bot.surfaces.idea import idea
from bot.surfaces.listing import EVERYONES, nobody_yet
from bot.surfaces.worth import Place, Row, Today, carry

PROMISES_SHOWN: Final = 5
NOTE_SHOWN: Final = 80
WHAT_SHOWN: Final = 100
PICKER_SHOWN: Final = 40


def draw(found: Today, *, now: dt.datetime, picking: uuid.UUID | None = None) -> Panel:
    """Return the panel; a row that is being given another day (`picking`) shows a calendar instead of its buttons."""
    if not found.clients:
        return nobody_yet()
    title = f"Your {WEEKDAYS[found.on.weekday()]}"
    blocks: list[Block] = [header(title)]
    if found.everyones:
        blocks.append(context(EVERYONES))
    if found.rows:
        blocks.append(section(Markup("*Worth a call*")))
    ids = [row.place.client.id for row in found.rows]
    for number, row in enumerate(found.rows):
        blocks += _row(row, found, carry(f"today{number}", ids), now=now, picking=picking)
    if not found.rows:
        blocks.append(section(calm(found)))
    for part in (promised(found), captured(found)):
        if part:
            blocks.append(section(part))
    blocks.append(actions(*_ways_on(found)))
    return Panel(title, _in_a_sentence(found), blocks)


def _in_a_sentence(found: Today) -> str:
    """Return what is worth doing, for a notification and for who has it read aloud."""
    waiting = [row.place.client.name for row in found.rows if row.place.is_worth_a_call]
    count = len(waiting) + found.more
    late = _late(found)
    if waiting:
        calls = f"Worth a call today: {waiting[0]}{_others(count)}."
    elif count:
        calls = f"{count} more of your clients {'is' if count == 1 else 'are'} worth a call."
    else:
        calls = "No client is waiting for a call." if late else "All calm: no client is waiting for a call."
    return f"{calls} {late}" if late else calls


def _late(found: Today) -> str:
    """Return which promises are late: "Late: “media plan” for Halden and 2 other promises."."""
    late = sorted(found.late, key=lambda promise: (promise.theirs, promise.due_on))
    if not late:
        return ""
    first = late[0]
    what = one_line(first.what, WHAT_SHOWN)
    whose = f"“{what}” {'from' if first.theirs else 'for'} {found.clients[first.client_id].name}"
    return f"Late: {whose}{_others(len(late), ' promise')}."


def _others(count: int, what: str = "") -> str:
    """Return how many there are beside the one that is named; other ones of what, in the singular."""
    if count < 2:
        return ""
    one, many = (f"other{what}", f"other{what}s") if what else ("other", "others")
    return f" and {count - 1} {one if count == 2 else many}"


def calm(found: Today) -> Markup:
    """Return what stands where nobody is worth a call; it is calm only when no promise is late."""
    nobody = Markup("Nobody is waiting for a call.")
    said = nobody if found.late else lines([Markup("*All calm.*"), nobody], " ")
    if found.next_due is None:
        return said
    client, due = found.next_due.client, found.next_due.due.due_on
    ahead = markup("Next is {client}, due {day}.", client=bold(client.name), day=day(due, found.on))
    return lines([said if found.late else lines([said, Markup("Enjoy the quiet.")], " "), ahead])


def _row(row: Row, found: Today, block_id: str, *, now: dt.datetime, picking: uuid.UUID | None) -> list[Block]:
    place, said = row.place, row.spoken
    if not place.is_worth_a_call and said is None:
        return [section(_at_rest(place, found.on))]
    if not place.is_worth_a_call and said is not None:
        done = lines([_spoken(place, said, found.on), _level(place)], " · ")
        return [section(done), actions(*_after(said, place, found.on, now=now), block_id=block_id)]
    owner = place.owner if place.owner != found.me.name else ""
    head = lines([bold(place.client.name), owner], " · ") if said is None else _spoken(place, said, found.on)
    says = section(lines([head, reason(place), one_idea(row, found)]))
    if picking == place.client.id:
        return [says, actions(*_which_day(place), block_id=block_id)]
    more = [] if said is None else _about(said, place, now=now)
    return [says, actions(*_buttons(place), *more, _menu(place), block_id=block_id)]


def reason(place: Place) -> Markup:
    """Return why a client is worth a call: "Fading · nothing logged for 19 days; usually every 7"."""
    state = "fading" if place.is_fading else place.due.label
    because = place.reading.reason() if place.reading is not None else place.due.because
    return markup("{state} · {because}", state=state.capitalize(), because=because)


def one_idea(row: Row, found: Today) -> Markup:
    """Return one thing to call about: an overdue promise, else the last note in its author's words."""
    names = {row.last.author_id: found.author(row.last.author_id)} if row.last is not None else {}
    return markup("*One idea:* {idea}", idea=idea(row.owed, None, row.last, names, found.on))


def _buttons(place: Place) -> list[Element]:
    key, name = str(place.client.id), place.client.name
    return [
        _named("We've spoken", "today.spoken", key, f"We've spoken with {name}", primary=True),
        _named("Log", "today.log", key, f"Log a check-in with {name}"),
        _named("Not now", "today.not_now", key, f"Not now: set {name} aside"),
    ]


def _menu(place: Place) -> Element:
    key = place.client.id
    return overflow(
        "today.more",
        [
            option("It was yesterday", f"{YESTERDAY}:{key}"),
            option("Another day", f"pick:{key}"),
            option("Why?", f"why:{key}"),
            option("Open the card", f"card:{key}"),
        ],
    )


def _named(label: str, action_id: str, value: str, aloud: str, *, primary: bool = False) -> Element:
    heard = shorten(aloud, limits.ACCESSIBILITY_LABEL)
    return button(label, action_id, value=value, style="primary" if primary else None, accessibility_label=heard)


def _which_day(place: Place) -> list[Element]:
    key = place.client.id
    asks = shorten(f"When did you speak with {place.client.name}?", PICKER_SHOWN)
    return [datepicker(f"today.on:{key}", placeholder=asks), button("Back", "today.open:back")]


def _spoken(place: Place, said: Checkin, today: dt.date) -> Markup:
    if said.happened_on == today:
        when = "today"
    elif said.happened_on == today - dt.timedelta(days=1):
        when = "yesterday"
    else:
        when = f"on {day(said.happened_on, today)}"
    return markup("✓ {client} · you spoke {when}", client=bold(place.client.name), when=when)


def _level(place: Place) -> str:
    if place.reading is None:
        return ""
    return {
        Band.BRIGHT: "bright again",
        Band.DIMMING: "dimming",
        Band.FADING: "still fading",
        Band.LEARNING: "still learning",
    }[place.reading.band]


def _after(said: Checkin, place: Place, today: dt.date, *, now: dt.datetime) -> list[Element]:
    """Return what can be done about a row that was settled with one tap: another day, a note, taking it back."""
    if not _may_take_back(said, now):
        return _about(said, place, now=now)
    key, name = f"{place.client.id}:{said.id}", place.client.name
    note, undo = _about(said, place, now=now)
    picked = datepicker(f"today.on:{key}", placeholder=shorten(f"Another day: {name}", PICKER_SHOWN))
    days = [_named("It was yesterday", "today.yesterday", key, f"You spoke with {name} yesterday"), picked]
    if said.happened_on == today - dt.timedelta(days=1):
        days = [picked]
    return [note, *days, undo]  # the note stands where "We've spoken" was: a second click there changes nothing


def _about(said: Checkin, place: Place, *, now: dt.datetime) -> list[Element]:
    name = place.client.name
    label = "Add a note" if said.is_bare else "Edit the note"
    note = _named(label, "today.note", f"{place.client.id}:{said.id}", f"{label} about {name}")
    undo = _named("Undo", "today.undo", str(said.id), f"Undo: you have not spoken with {name}")
    return [note, undo] if _may_take_back(said, now) else [note]


def _may_take_back(said: Checkin, now: dt.datetime) -> bool:
    return said.is_bare and may_undo(said.created_at, now)


def _at_rest(place: Place, today: dt.date) -> Markup:
    """Return what became of a client that is worth no call any more, through somebody else or another window."""
    name = bold(place.client.name)
    if place.aside is not None:
        return markup("✓ {client} · set aside until {day}", client=name, day=day(place.aside.until_on, today))
    if not place.is_active:
        return markup("✓ {client} · paused", client=name)
    due = markup("next due {day}", day=day(place.due.due_on, today))
    return lines([markup("✓ {client}", client=name), _level(place), due], " · ")


def promised(found: Today) -> Markup:
    """Return what was promised, ours first, a line each; empty where nothing was."""
    ours = [one for one in found.promised if not one.theirs]
    theirs = [one for one in found.promised if one.theirs]
    shown = [*ours[:PROMISES_SHOWN], *theirs[:PROMISES_SHOWN]]
    more = len(found.promised) - len(shown)
    said = [promise_line(one, found) for one in shown]
    return lines([Markup("*Promised*"), *said, f"and {more} more" if more else ""]) if said else Markup("")


def promise_line(promise: Promise, found: Today) -> Markup:
    """Return a promise as a line of a list: "• Northwind · media plan · today · you"."""
    client = bold(found.clients[promise.client_id].name)
    what = one_line(promise.what, WHAT_SHOWN)
    late = (found.on - promise.due_on).days
    if late > 0:
        when = "1 day late" if late == 1 else f"{late} days late"
    else:
        when = "today" if late == 0 else f"by {day(promise.due_on, found.on)}"
    if promise.theirs:
        return markup("• {client} · waiting on them: {what} · {when}", client=client, what=what, when=when)
    carrier = found.author(promise.carrier_id)
    return markup("• {client} · {what} · {when} · {carrier}", client=client, what=what, when=when, carrier=carrier)


def captured(found: Today) -> Markup:
    """Return what colleagues noted lately, a line each; empty where nobody did."""
    if not found.captured or found.captured_since is None:
        return Markup("")
    yesterday = found.on - found.captured_since == dt.timedelta(days=1)
    since = "yesterday" if yesterday else found.captured_since.strftime("%A")
    return lines([markup("*Captured since {since}*", since=since), *(_note(one, found) for one in found.captured)])


def _note(note: Checkin, found: Today) -> Markup:
    words = one_line(note.note, NOTE_SHOWN)
    said = markup(" · “{words}”", words=words) if words else Markup("")
    client, author = bold(found.clients[note.client_id].name), found.author(note.author_id)
    return markup(
        "• {client} · {author} · {felt}{said}", client=client, author=author, felt=felt(note.feeling), said=said
    )


def _ways_on(found: Today) -> Sequence[Element]:
    which = "all" if found.everyones else "mine"
    label = f"and {found.more} more" if found.more else ("All clients" if found.everyones else "My clients")
    return button("Log a check-in", "checkin.log"), button(label, "list.page:which", value=f"{which}:0")
