"""The three things to try, on the page and in the terminal."""

from bot.playground.page.facts import Step

AGENCY = (
    Step("Type /ember today", "In any channel. It says what is worth doing now, for you.", "/ember today"),
    Step(
        "Read why Northwind is there", "The row says what is usual. “Why?” in its ⋯ menu shows the check-ins behind it."
    ),
    Step("Press “We've spoken”", "One press notes the conversation, and the row turns calm."),
)
EMPTY = (
    Step("Type /client new Northwind", "Name who looks after them and how often you speak.", "/client new Northwind"),
    Step("Type /checkin", "Say how a conversation left them and what happened.", "/checkin"),
    Step("Type /ember today", "It says what is worth doing now, for you.", "/ember today"),
)
