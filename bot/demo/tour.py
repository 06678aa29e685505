"""The three things to try, on the page and in the terminal, and what is said when they are done."""

from bot.playground.page.facts import Finish, Step

TODAY = Finish("command", "/ember today")
AGENCY = (
    Step(
        "Type /ember today",
        "In any channel. It says what is worth doing now, for you.",
        "/ember today",
        done=(TODAY,),
    ),
    Step(
        "Read why Northwind is there",
        "The row says what is usual. “Why?” in its ⋯ menu shows the check-ins behind it.",
        done=(Finish("block_actions", "today.more why:"), Finish("block_actions", "spark.why")),
    ),
    Step(
        "Press “We've spoken”",
        "One press notes the conversation, and the row turns calm.",
        done=(Finish("block_actions", "today.spoken"), Finish("block_actions", "spark.spoken")),
    ),
)
EMPTY = (
    Step(
        "Type /client new Northwind",
        "Name who looks after them and how often you speak.",
        "/client new Northwind",
        done=(Finish("view_submission", "client.save"),),
    ),
    Step(
        "Type /checkin",
        "Say how a conversation left them and what happened.",
        "/checkin",
        done=(Finish("view_submission", "checkin.save"),),
    ),
    Step("Type /ember today", "It says what is worth doing now, for you.", "/ember today", done=(TODAY,)),
)
SET_OUT = (
    "That was it, and thank you for looking in. Next, try /checkin after a call, keep a message from its ⋯ menu, "
    "or move the clock in the instruments to see tomorrow."
)
FAREWELL = (
    "That was it, and thank you for looking in. Now see Ember speak first: open Instruments, Clock, press "
    "“Tomorrow 9:00”, and look into #general and at Ember's messages."
)
