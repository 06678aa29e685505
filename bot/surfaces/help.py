"""What people can type: written from the verbs and the form themselves, with three examples that work."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.practices.checkins.forms import FORM, NOTE, SHORT
from bot.practices.checkins.rules import UNDO_FOR, Feeling
from bot.practices.practice import Verb
from bot.slack.blocks import Block, actions, button, context, divider, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, lines, markup, quote, shorten

WORDS: Final = frozenset({"help", "?", "-h", "--help"})
GREETINGS: Final = frozenset({"hi", "hello"})
EXAMPLE: Final = "Northwind"
SHOWN: Final = 600

Example = tuple[str, str]


def is_asked_for(text: str) -> bool:
    """Return whether somebody typed nothing but a call for help."""
    return text.strip() == "?" or _bare(text) in WORDS


def is_greeting(text: str) -> bool:
    """Return whether somebody wrote nothing but hello, as one does to find out what Ember is."""
    return _bare(text) in GREETINGS


def _bare(text: str) -> str:
    return text.casefold().strip(" \t\n/.!?,")


def of_checkin(client: str = "") -> Panel:
    """Return the help of `/checkin`; `client` is a name that works in the examples."""
    name = client or EXAMPLE
    ratings = ", ".join(f"{int(feeling)} {feeling.word}" for feeling in Feeling)
    minutes = int(UNDO_FOR.total_seconds() // 60)
    examples = (
        ("/checkin", "opens the form, with the client of the channel you are in"),
        (f"/checkin {name} 4 called about the launch", "logs at once, from anywhere"),
        (f"/checkin {name} warm we owe her the plan by Friday", "logs, and asks whether that is a promise"),
    )
    facts = (
        markup("*The rating* comes first, or right after the client's name: {ratings}, or a face.", ratings=ratings),
        Markup("*In a client's own channel* the name can be left out. In a message to Ember, so can `/checkin`."),
        markup("*Undo* works for {minutes} minutes; editing and deleting your own notes always does.", minutes=minutes),
    )
    asked = markup(
        "*The form asks:* {first}\n*“Add what you noticed” adds:* {then}",
        first=" · ".join(FORM[name].label for name in SHORT),
        then=" · ".join(each.label for each in FORM.fields if each.name not in SHORT),
    )
    wrong = (
        "If Ember does not know the name, it offers the three nearest and a list of all, and keeps what you typed.",
        f"If a line is longer than {NOTE.max_length:,} characters, split it in two.",
    )
    return _panel("/checkin", FORM.usage(), examples, facts, wrong, client=client, more=(asked,))


def of_client(verbs: Iterable[Verb], client: str = "", *, unknown: str = "") -> Panel:
    """Return the help of `/client`; `unknown` is what somebody typed that is none of its words."""
    examples = (
        (f"/client {client or EXAMPLE}", "opens the card: notes, people, promises, what is due"),
        ("/client list", "shows your clients, the most overdue first; `/client list all` shows everyone's"),
        ("/client find budget", "searches what you may read: notes, promises, dates, what is known of people"),
    )
    wrong = (
        "If a name is not known, Ember offers the three nearest and a list of all.",
        "A client answers to its name and to its aliases; `/client list` shows the names.",
    )
    return _panel(
        "/client", "/client [name or word]", examples, map(_verb, verbs), wrong, client=client, unknown=unknown
    )


def of_ember(client: str = "", *, unknown: str = "") -> Panel:
    """Return the help of `/ember`."""
    examples = (
        ("/ember today", "shows what is worth doing now: whom to call and why, what was promised"),
        (f"/ember {client or EXAMPLE}", "opens a client's card"),
        ("/client help", "how to set up, find and look after clients"),
    )
    facts = (
        Markup("*Ember keeps every client relationship warm:* log a conversation in seconds, see who is due next."),
        Markup("*To log a conversation:* `/checkin`; `/checkin help` shows how to do it in one line."),
        Markup("*From a message:* choose “Log to Ember” in its menu; nothing is posted there."),
        Markup("*Looking:* `/ember list` shows your clients, `/ember find budget` searches what you may read."),
        Markup("*Settings:* `/ember settings` says when and how Ember speaks to you; admins set the team's there too."),
        Markup("*Away:* `/ember away` says who covers; your clients are brought up with them until you are back."),
        Markup(
            "*Your calendar:* `/ember calendar` links it for briefs before meetings; it has a link to your dates too."
        ),
        Markup(
            "*Forgetting somebody:* `/ember forget` and a name show what is kept; the client's team can forget them."
        ),
        Markup("*Admins:* `/ember channels` shows where others read along, and whether Ember may post there."),
        Markup("*Home:* open Ember in the sidebar to see your clients and what is due."),
    )
    wrong = (
        "Ember answers full members of this workspace only.",
        "In a channel that others can read, the answer opens in a window for you alone.",
    )
    return _panel("/ember", "/ember [today or client]", examples, facts, wrong, client=client, unknown=unknown)


def _verb(verb: Verb) -> Markup:
    return markup("`{example}` {does}", example=verb.example, does=verb.does[:1].lower() + verb.does[1:])


def _panel(
    command: str,
    usage: str,
    examples: Sequence[Example],
    facts: Iterable[Markup],
    wrong: Sequence[str],
    *,
    client: str,
    unknown: str = "",
    more: Sequence[Markup] = (),
) -> Panel:
    blocks: list[Block] = []
    if unknown:
        sorry = markup("`{command}` does not know that word. You typed:", command=command)
        blocks.append(section(lines([sorry, quote(shorten(unknown, SHOWN))])))
    blocks.append(section(markup("*{command}*\n`{usage}`", command=command, usage=usage)))
    blocks.append(section(lines([Markup("*Try*"), *(_example(*one) for one in examples)])))
    facts = list(facts)
    if facts:
        blocks.append(section(lines(facts)))
    blocks += [context(one) for one in more]
    stands_in = not client or EXAMPLE.casefold() in " ".join(facts).casefold()
    if stands_in and client.casefold() != EXAMPLE.casefold():
        blocks.append(context(markup("{example} stands for one of your clients.", example=EXAMPLE)))
    blocks += [divider(), section(lines([Markup("*When it does not work*"), *(f"• {one}" for one in wrong)]))]
    add = button("Add a client", "client.new")
    blocks.append(actions(button("Log a check-in", "checkin.log", style="primary"), add))
    return Panel(f"Help: {command}", f"Here is what {command} can do, with three examples.", blocks)


def _example(typed: str, does: str) -> Markup:
    return markup("`{typed}` {does}", typed=typed.replace("`", "'"), does=does)
