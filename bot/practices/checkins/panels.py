"""What a check-in's author sees: the receipt, and the one question that a line left open."""

import datetime as dt
import uuid
from collections.abc import Sequence

from bot.practices.checkins.offers import offers
from bot.practices.checkins.rows import Draft
from bot.practices.checkins.rules import Feeling, felt
from bot.practices.checkins.service import Receipt
from bot.practices.clients.forms import another, open_card
from bot.practices.clients.service import Client, Found
from bot.slack.blocks import Block, Element, actions, button, context, datepicker, section
from bot.slack.messages import permalink
from bot.slack.panel import Panel
from bot.slack.text import Markup, day, lines, markup, quote, shorten
from bot.store.search import Visibility

SHOWN = 600
YESTERDAY = "yesterday"
PICKED_IN = "spoken:"
"""Opens the block id of a date picker, before the ids of the client and of the check-in that gets the day."""
ANOTHER = "draft.another"
WIN_STAYS = "A date made of their win stays as it was. You can change or delete it on the card."
SEEN_BY = {
    Visibility.TEAM: "the client's team can see it",
    Visibility.EVERYONE: "everyone here can see it",
    Visibility.ME: "only you can see it",
}


def saved(receipt: Receipt, *, address: str, today: dt.date, title: str = "Saved") -> Panel:
    """Return the receipt: what was understood, and what can be done about it."""
    checkin, client = receipt.checkin, receipt.client
    if checkin.is_bare:
        return spoken(receipt, today=today)
    word = felt(checkin.feeling)
    head = markup("*{title}: {client} · {word}*", title=title, client=client.name, word=word)
    when = markup(
        "{when} · {who}", when=day(checkin.happened_on, checkin.created_at.date()), who=SEEN_BY[checkin.visibility]
    )
    if checkin.source_channel and checkin.source_ts:
        link = permalink(address, checkin.source_channel, checkin.source_ts)
        when = lines([when, Markup(f"<{link}|The message>")], " · ")
    blocks: list[Block] = [
        section(lines([head, quote(shorten(checkin.note, SHOWN))])),
        context(when),
        *([context(Markup(WIN_STAYS))] if receipt.leaves_win else []),
        *_promise(receipt),
        *_need(receipt),
        *offers(receipt),
        actions(
            button("Undo", "checkin.undo", value=str(checkin.id)),
            button("Add detail", "checkin.edit", value=str(checkin.id)),
            open_card(client.id),
        ),
    ]
    if receipt.asks_why:
        blocks.append(why_asked(client))
    says = f"{title}: the conversation with {client.name} left them {word}."
    return Panel(title, says, blocks, outcome="Your note is saved.")


def why_asked(client: Client) -> Block:
    """Return the question that is asked once about a client, beside a receipt."""
    asks = markup("One question, asked only once: why did {client} hire you?", client=client.name)
    return section(asks, accessory=button("Answer", "client.why", value=str(client.id)))


def spoken(receipt: Receipt, *, today: dt.date) -> Panel:
    """Return the receipt of "We've spoken", with a way to say more about it."""
    checkin, client = receipt.checkin, receipt.client
    says = what_was_spoken(receipt, today=today)
    key = str(checkin.id)
    buttons = [button("Add a note" if checkin.is_bare else "Edit", "checkin.edit", value=key, style="primary")]
    if checkin.is_bare and not receipt.repeated:
        buttons += _other_days(receipt, today=today)
    if checkin.is_bare:
        buttons.append(button("Undo", "checkin.undo", value=key))
    buttons.append(open_card(client.id))
    under = actions(*buttons, block_id=f"{PICKED_IN}{client.id}:{key}")
    return Panel("Noted", says, [section(says), under], outcome="Your conversation is noted.")


def _other_days(receipt: Receipt, *, today: dt.date) -> list[Element]:
    """Return the ways to put a conversation on another day."""
    picker = datepicker("spark.spoken_on", placeholder="Another day")
    if receipt.checkin.happened_on != today:
        return [picker]
    yesterday = f"{receipt.client.id}:{YESTERDAY}:{receipt.checkin.id}"
    return [button("It was yesterday", "spark.spoken_on:yesterday", value=yesterday), picker]


def what_was_spoken(receipt: Receipt, *, today: dt.date) -> Markup:
    """Return what was noted, as a sentence: "Noted: you spoke with Northwind today."."""
    on = receipt.checkin.happened_on
    ago = {0: "today", 1: "yesterday"}.get((today - on).days, f"on {day(on, today)}")
    opening = markup("Noted already:") if receipt.repeated else markup("Noted:")
    return markup("{opening} you spoke with {client} {ago}.", opening=opening, client=receipt.client.name, ago=ago)


def _promise(receipt: Receipt) -> list[Block]:
    if receipt.promise is not None:
        kept = receipt.promise
        return [
            section(
                markup(
                    "*Promised:* {what}, by {due}",
                    what=kept.what,
                    due=day(kept.due_on, receipt.checkin.created_at.date()),
                )
            )
        ]
    if receipt.guess is None:
        return []
    guess, key = receipt.guess, str(receipt.checkin.id)
    whose = markup("*Their promise?*") if guess.theirs else markup("*A promise?*")
    asks = markup(
        "{whose} {what}, by {due}",
        whose=whose,
        what=shorten(guess.what, 300),
        due=day(guess.due, receipt.checkin.created_at.date()),
    )
    buttons = (
        button("Keep it", "checkin.promise", value=key, style="primary"),
        button("No promise", "checkin.no_promise", value=key),
    )
    return [section(asks), actions(*buttons)]


def _need(receipt: Receipt) -> list[Block]:
    if not receipt.need:
        return []
    return [section(markup("*They'll need next:* {need}", need=shorten(receipt.need, 300)))]


def undone(draft: Draft, client: str) -> Panel:
    """Return what is left of a check-in that was taken back: its words, and a way to put them back."""
    text = markup("*Undone.* Your note about {client} is taken back. You had written:", client=client)
    back = button("Put it back", f"draft.feel:{draft.feeling}", value=f"{draft.id}:{draft.feeling}")
    says = f"Undone: your note about {client} is taken back."
    return Panel("Undone", says, [_words(text, draft.text), actions(back)], outcome="Your note is taken back.")


def unspoken(client_id: uuid.UUID, client: str) -> Panel:
    """Return what stands where "We've spoken" was taken back."""
    says = markup("Undone: your conversation with {client} is not noted any more.", client=client)
    buttons = (button("Log a check-in", "checkin.log", value=str(client_id)), open_card(client_id))
    return Panel("Undone", says, [section(says), actions(*buttons)], outcome="That is taken back.")


def deleted(client: str, *, bare: bool = False) -> Panel:
    """Return what stands where a check-in was deleted."""
    if bare:
        says = markup("Your conversation with {client} is not noted any more.", client=client)
    else:
        says = markup("The note about {client} is deleted.", client=client)
    return Panel("Deleted", says, [section(says)], outcome="That is deleted.")


def which_client(draft: Draft, nearest: Sequence[Found]) -> Panel:
    """Ask which client a line is about, with the nearest names to tap; the line is shown and kept."""
    asks = markup("*Which client is that?* Ember found none of that name." if nearest else "*Which client is that?*")
    choices = [
        button(shorten(found.name, 70), f"draft.client:{place}", value=f"{draft.id}:{found.id}")
        for place, found in enumerate(nearest)
    ]
    if nearest:
        choices.append(another(f"{ANOTHER}:{draft.id}"))
    choices.append(button("New client", "draft.new", value=str(draft.id)))
    blocks = [
        _words(asks, draft.text),
        actions(*choices),
        context(markup("Your line is kept. In a client's own channel, the name can be left out.")),
    ]
    return Panel("Which client?", "Which client is that? Your line is kept.", blocks)


def how_did_it_leave_them(draft: Draft, client: str) -> Panel:
    """Ask for the rating that a line lacks, in one tap."""
    asks = markup("*{client}: how did it leave them?* One tap saves it.", client=client)
    choices = [
        button(feeling.word.capitalize(), f"draft.feel:{int(feeling)}", value=f"{draft.id}:{int(feeling)}")
        for feeling in Feeling
    ]
    says = f"How did it leave {client}? One tap saves your note."
    return Panel("How did it leave them?", says, [_words(asks, draft.text), actions(*choices)])


def _words(above: Markup, text: str) -> Block:
    return section(lines([above, quote(shorten(text, SHOWN))]))
