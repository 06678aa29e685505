"""How what we know about a person is said: each field's question, its label on their page, its words in a brief."""

from bot.practices.nuance.rows import Fact
from bot.practices.nuance.rules import LONGEST_WORDS, Channel, Depth, Field
from bot.slack.text import Markup, markup, one_line

ASKED = {
    Field.BEYOND_THE_ROLE: "Who are they beyond the role?",
    Field.LIKES: "What do they like?",
    Field.DISLIKES: "What do they dislike?",
    Field.MAKES_THEM_TICK: "What makes them tick?",
    Field.MOTIVATED_BY: "How are they motivated?",
    Field.UP_AT_NIGHT: "What keeps them up at night?",
    Field.TONE_ALONE: "Tone, one to one",
    Field.TONE_WITH_TEAM: "Tone, with their team",
    Field.TONE_BOSS: "Tone, in front of their boss",
    Field.PREFERS: "How do they like to be reached?",
    Field.HOURS: "When?",
    Field.USES: "Words to use",
    Field.AVOIDS: "Words to avoid",
    Field.DEPTH: "How much do they want?",
}
LABELS = {
    Field.BEYOND_THE_ROLE: "Beyond the role",
    Field.LIKES: "Likes",
    Field.DISLIKES: "Dislikes",
    Field.MAKES_THEM_TICK: "Makes them tick",
    Field.MOTIVATED_BY: "Motivated by",
    Field.UP_AT_NIGHT: "Up at night",
    Field.DETAIL: "Little details",
    Field.CAUSE: "Causes they care about",
    Field.SENSITIVE: "Sensitive topics",
    Field.OBSERVATION: "Observations",
    Field.TONE_ALONE: "One to one",
    Field.TONE_WITH_TEAM: "With their team",
    Field.TONE_BOSS: "In front of their boss",
    Field.PREFERS: "Likes to be reached by",
    Field.HOURS: "When",
    Field.USES: "Say",
    Field.AVOIDS: "Avoid",
    Field.DEPTH: "Wants",
}
BRIEFLY = {
    Field.BEYOND_THE_ROLE: "beyond the role:",
    Field.LIKES: "likes",
    Field.DISLIKES: "dislikes",
    Field.MAKES_THEM_TICK: "ticks:",
    Field.MOTIVATED_BY: "motivated by",
    Field.UP_AT_NIGHT: "up at night:",
}
REACHED_BY = {
    Channel.CALL: "a call",
    Channel.VIDEO: "a video call",
    Channel.IN_PERSON: "meeting in person",
    Channel.MESSAGE: "a message",
    Channel.EMAIL: "e-mail",
}
DEPTHS = {Depth.HEADLINE: "the headline first", Depth.DETAIL: "the detail"}
IN_BRIEF = 160
"""So many characters of a fact stand in a brief; its page shows all of it."""


def told(fact: Fact, limit: int = LONGEST_WORDS) -> str:
    """Return what a fact says, on one line: a choice by its words."""
    if fact.field is Field.PREFERS:
        return REACHED_BY.get(Channel(fact.text), fact.text)
    if fact.field is Field.DEPTH:
        return DEPTHS.get(Depth(fact.text), fact.text)
    return one_line(fact.text, limit)


def both(fact: Fact, limit: int = LONGEST_WORDS) -> Markup:
    """Return a fact and why it matters to the work; a sensitive topic and how to approach it."""
    text, why = told(fact, limit), one_line(fact.why, limit)
    if not why:
        return markup("{text}", text=text)
    if fact.field is Field.SENSITIVE:
        return markup("{text}: {how}", text=text, how=why)
    return markup("{text} · _for the work:_ {why}", text=text, why=why)
