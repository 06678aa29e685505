"""A person's page: what we know, how to talk to them, what is sensitive, and what one can add."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from bot.practices.nuance.rows import Fact
from bot.practices.nuance.rules import LANGUAGE, QUESTIONS, TONES, Field, completeness
from bot.practices.nuance.service import Profile
from bot.practices.nuance.wording import LABELS, both, told
from bot.practices.people.rules import local_time
from bot.practices.people.service import Contact
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, confirm, context, header, plain_section, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, day, lines, markup, shorten, shorten_markup
from bot.store.search import Visibility

SHOWN: Final = 4
IN_A_LIST: Final = 40
LONGEST: Final = 2800
NO_WAY_TO_SEE: Final = Markup("What the client's team knows about them is for the team.")


def page(known: Profile, now: dt.datetime) -> Panel:
    """Return a person's page; now: in the reader's zone."""
    contact, key = known.contact, str(known.contact.id)
    blocks: list[Block] = [header(shorten(contact.name, limits.HEADER)), section(_head(known, now))]
    blocks += _several(known, Field.SENSITIVE, now)
    blocks += _profile(known)
    blocks += _language(known)
    for field in (Field.DETAIL, Field.CAUSE, Field.OBSERVATION):
        blocks += _several(known, field, now)
    blocks.append(
        actions(
            button("Add a detail", "fact.new:detail", value=f"detail:{key}"),
            button("Add an observation", "fact.new:observation", value=f"observation:{key}"),
            button("Add a cause", "fact.new:cause", value=f"cause:{key}"),
            button("Something sensitive", "fact.new:sensitive", value=f"sensitive:{key}"),
        )
    )
    blocks.append(actions(*_rest(known)))
    return Panel(shorten(contact.name, limits.VIEW_TITLE), f"This is what we know about {contact.name}.", blocks)


def _head(known: Profile, now: dt.datetime) -> Markup:
    contact = known.contact
    boss = markup("reports to {boss}", boss=known.boss.name) if known.boss is not None else ""
    where = local_time(contact.tz, now) if contact.tz else ""
    left = Markup("*has left*") if contact.has_left else ""
    return lines([bold(known.client.name), contact.job or "", where, contact.email or "", boss, left], " · ")


def _profile(known: Profile) -> list[Block]:
    answered = [fact for field in QUESTIONS if (fact := known.one(field)) is not None]
    if not known.in_team and not answered:
        return [context(NO_WAY_TO_SEE)]
    asked = [LABELS[field].lower() for field in QUESTIONS if known.one(field) is None]
    title = markup("*What we know · {known}*", known=completeness([fact.field for fact in answered]))
    said = [markup("{label} {both}", label=bold(f"{LABELS[fact.field]}:"), both=both(fact)) for fact in answered]
    edit = _named("Edit profile", "profile.open", known.contact) if known.in_team else None
    blocks = _paragraphs([title, *said], edit)
    if asked and known.in_team:
        blocks.append(context(markup("Not known yet: {asked}", asked=", ".join(asked))))
    return blocks


def _language(known: Profile) -> list[Block]:
    kept = [fact for field in (*LANGUAGE, *TONES) if (fact := known.one(field)) is not None]
    if not known.in_team and not kept:
        return []
    said = [markup("{label} {told}", label=bold(f"{LABELS[fact.field]}:"), told=told(fact)) for fact in kept]
    empty = [] if kept else [Markup("Nothing yet: headline or detail, words to use and to avoid, their tone.")]
    edit = _named("Edit", "language.open", known.contact, "Edit how to talk to") if known.in_team else None
    return _paragraphs([Markup("*How to talk to them*"), *said, *empty], edit)


def _paragraphs(said: Sequence[Markup], beside: Element | None) -> list[Block]:
    """Return lines as few paragraphs, each as long as Slack takes it; the element stands beside the first."""
    parts: list[list[Markup]] = [[]]
    for line in said:
        if parts[-1] and len(lines([*parts[-1], line])) > LONGEST:
            parts.append([])
        parts[-1].append(line)
    return [
        section(shorten_markup(lines(part), limits.TEXT), accessory=beside if place == 0 else None)
        for place, part in enumerate(parts)
    ]


def _several(known: Profile, field: Field, now: dt.datetime) -> list[Block]:
    found = known.many(field)
    shown = found if len(found) <= SHOWN + 1 else found[:SHOWN]
    blocks = [
        _line(known, fact, now, heading=bold(LABELS[field]) if place == 0 else Markup(""))
        for place, fact in enumerate(shown)
    ]
    if len(shown) < len(found):
        every = button("All of them", f"fact.list:{field.value}", value=f"{field.value}:{known.contact.id}")
        blocks.append(section(Markup(f"and {len(found) - len(shown)} more"), accessory=every))
    return blocks


def _line(known: Profile, fact: Fact, now: dt.datetime, *, heading: Markup) -> Block:
    text = both(fact)
    if fact.field is Field.OBSERVATION:
        on = day(fact.created_at.astimezone(now.tzinfo).date(), now.date())
        edited = "" if fact.edited_by in {None, fact.author_id} else f"edited by {known.names.get(fact.edited_by, '')}"
        text = lines([bold(lines([on, known.names.get(fact.author_id, ""), edited], ", ")), text], " · ")
    elif fact.field is Field.CAUSE and fact.contact_id is None:
        text = lines([text, markup("all of {client}", client=known.client.name)], " · ")
    if fact.visibility is Visibility.ME:
        text = lines([text, Markup("_only you see this_")], " · ")
    may_edit = known.in_team or fact.author_id == known.reader
    heard = shorten(f"Edit: {fact.text}", limits.ACCESSIBILITY_LABEL)
    value = f"{fact.id}:{known.contact.id}"
    edit = button("Edit", f"fact.edit:{fact.id}", value=value, accessibility_label=heard) if may_edit else None
    return section(lines([heading, shorten_markup(text, LONGEST)]), accessory=edit)


def _named(label: str, action: str, contact: Contact, aloud: str = "") -> Element:
    heard = shorten(f"{aloud or label}: {contact.name}", limits.ACCESSIBILITY_LABEL)
    return button(label, action, value=str(contact.id), accessibility_label=heard)


def _rest(known: Profile) -> list[Element]:
    contact, key = known.contact, str(known.contact.id)
    edit = _named("Edit person", "person.edit", contact)
    back = button("Back to the card", "client.open", value=str(known.client.id))
    if contact.has_left:
        held = _named("What we hold", "person.held", contact)
        return [_named("Still there", "person.back", contact), edit, held, back]
    sure = confirm(
        "Has left?",
        "What we know is kept. Reminders about them stop, and briefs leave them out.",
        "Has left",
        "Still there",
    )
    left = button("Has left", "person.left", value=key, confirm=sure)
    held = _named("What we hold", "person.held", contact)
    check = [_named("Check a draft", "words.check", contact)] if known.in_team else []
    return [*check, edit, left, held, back]


def all_of(known: Profile, field: Field, now: dt.datetime) -> Panel:
    """Return all that is kept in a field about a person, the newest first; now: in the reader's zone."""
    found = known.many(field)
    blocks: list[Block] = [header(shorten(f"{LABELS[field]}: {known.contact.name}", limits.HEADER))]
    blocks += [_line(known, fact, now, heading=Markup("")) for fact in found[:IN_A_LIST]]
    if len(found) > IN_A_LIST:
        blocks.append(context(Markup(f"and {len(found) - IN_A_LIST} older ones, which the search finds")))
    blocks.append(actions(profile_button(known.contact, "Back to the profile")))
    return Panel(shorten(LABELS[field], limits.VIEW_TITLE), f"{LABELS[field]} about {known.contact.name}.", blocks)


def profile_button(contact: Contact, label: str = "Profile") -> Element:
    """Return the button that opens a person's page."""
    return _named(label, "person.profile", contact)


def which(found: Sequence[Contact], client: str, client_id: uuid.UUID) -> Panel:
    """Return the question whom somebody means, at most five names."""
    names = [
        button(shorten(contact.name, limits.BUTTON_TEXT), f"person.profile:{contact.id}", value=str(contact.id))
        for contact in found[:5]
    ]
    add = button("Add a person", "person.new", value=str(client_id))
    sentence = markup("Who at {client} do you mean?", client=client)
    return Panel("Who?", sentence, [section(sentence), actions(*names, add)])


def dropped(fact: Fact, contact: Contact) -> Panel:
    """Return what is shown once a fact is deleted."""
    sentence = markup("“{text}” is not kept any more.", text=shorten(told(fact), 120))
    back = actions(profile_button(contact, "Back to the profile"))
    return Panel("Deleted", sentence, [section(sentence), back], outcome="That is deleted.")


def fine(contact: Contact, draft: str) -> Panel:
    """Return what is shown for a draft that has no word that somebody avoids."""
    sentence = markup("There is no word in it that {name} avoids. Nothing was sent.", name=contact.name)
    blocks = [section(sentence), plain_section(shorten(draft, limits.TEXT))]
    return Panel("Checked", sentence, blocks, outcome="The draft is checked.")
