"""Lines people write, and what each promises, on Tuesday 14 May 2024.  Names and clients are made up."""

import datetime as dt
from dataclasses import dataclass

TODAY = dt.date(2024, 5, 14)


@dataclass(frozen=True)
class Promised:
    text: str
    what: str
    due: dt.date
    theirs: bool = False


def _day(month: int, day: int, year: int = 2024) -> dt.date:
    return dt.date(year, month, day)


FRIDAY, TOMORROW = _day(5, 17), _day(5, 15)

PROMISES = (
    # whose clause, and where it begins
    Promised("paused when asked about Q3, we owe her the plan by Friday", "we owe her the plan", FRIDAY),
    Promised("4 paused when asked about Q3, we owe her the plan by Friday.", "we owe her the plan", FRIDAY),
    Promised("She paused. We owe her the plan by Friday and then lunch", "We owe her the plan", FRIDAY),
    Promised(
        "We owe her the plan, the budget and a list by Friday", "We owe her the plan, the budget and a list", FRIDAY
    ),
    Promised("we owe her the plan, by Friday", "we owe her the plan", FRIDAY),
    Promised("we owe her the plan (by Friday)", "we owe her the plan", FRIDAY),
    Promised("we owe her the plan *by Friday*", "we owe her the plan", FRIDAY),
    Promised("She called on Monday, media plan by Friday", "media plan", FRIDAY),
    Promised("She called and we will send the deck by tomorrow", "we will send the deck", TOMORROW),
    Promised("good call but I promised the numbers by tomorrow so busy", "I promised the numbers", TOMORROW),
    Promised("we'll send Tom and Priya the plan by Friday", "we'll send Tom and Priya the plan", FRIDAY),
    Promised("She loved it\nwe'll get back to her by Friday\nGreat mood", "we'll get back to her", FRIDAY),
    Promised("media plan by Friday at the latest", "media plan", FRIDAY),
    Promised("we’ll send it by Friday…", "we’ll send it", FRIDAY),
    Promised("don't forget to send the plan by Friday", "don't forget to send the plan", FRIDAY),
    Promised("let's talk on Friday", "let's talk", FRIDAY),
    Promised("the plan is due on Friday", "the plan is due", FRIDAY),
    Promised("the deadline is on Friday", "the deadline is", FRIDAY),
    Promised("to do: send the brief on Friday", "send the brief", FRIDAY),
    Promised("we will hold the launch until Friday", "we will hold the launch", FRIDAY),
    Promised("she asked for the plan by Friday", "she asked for the plan", FRIDAY),
    Promised("she needs the plan from us by Friday", "she needs the plan from us", FRIDAY),
    Promised("Priya wants the deck on Friday", "Priya wants the deck", FRIDAY),
    Promised("we're going to deliver on Friday", "we're going to deliver", FRIDAY),
    Promised("call her before Friday", "call her", _day(5, 16)),
    Promised("we'll send it on or before Friday", "we'll send it", FRIDAY),
    Promised("the deck is with us, promised by Friday", "the deck is with us, promised", FRIDAY),
    Promised("follow up by tomorrow :smile:", "follow up", TOMORROW),
    Promised("follow up by tomorrow 🙂 all good", "follow up", TOMORROW),
    # theirs
    Promised("Halden owe us brand files by Friday", "Halden owe us brand files", FRIDAY, theirs=True),
    Promised("they will send us the files by Friday", "they will send us the files", FRIDAY, theirs=True),
    Promised("Priya will send us the files on Friday", "Priya will send us the files", FRIDAY, theirs=True),
    Promised("she'll share the numbers by Friday", "she'll share the numbers", FRIDAY, theirs=True),
    Promised("he promised the logo by Friday", "he promised the logo", FRIDAY, theirs=True),
    Promised("Northwind owes us an answer until Friday", "Northwind owes us an answer", FRIDAY, theirs=True),
    Promised("files due from them by Friday", "files due from them", FRIDAY, theirs=True),
    Promised("she asked us to send the plan by Friday", "she asked us to send the plan", FRIDAY),
    # the day
    Promised("we owe her the plan by EOD", "we owe her the plan", TODAY),
    Promised("we owe her the plan by COB tomorrow", "we owe her the plan", TOMORROW),
    Promised("we owe her the plan by end of day on Friday", "we owe her the plan", FRIDAY),
    Promised("we owe her the plan by 5pm", "we owe her the plan", TODAY),
    Promised("we owe her the plan before noon", "we owe her the plan", TODAY),
    Promised("we owe her the plan by tonight!", "we owe her the plan", TODAY),
    Promised("we owe her the plan by tomorrow morning", "we owe her the plan", TOMORROW),
    Promised("we owe her the plan by Tuesday", "we owe her the plan", TODAY),
    Promised("we owe her the plan by next Tuesday", "we owe her the plan", _day(5, 21)),
    Promised("we owe her the plan by next Friday", "we owe her the plan", _day(5, 24)),
    Promised("we owe her the plan by Friday next week", "we owe her the plan", _day(5, 24)),
    Promised("we owe her the plan by the end of the week", "we owe her the plan", FRIDAY),
    Promised("we owe her the plan by end of next week", "we owe her the plan", _day(5, 24)),
    Promised("we owe her the plan before next week", "we owe her the plan", FRIDAY),
    Promised("we owe her the plan before the weekend", "we owe her the plan", _day(5, 16)),
    Promised("we owe her the plan by the end of the month", "we owe her the plan", _day(5, 31)),
    Promised("we owe her the plan by month end", "we owe her the plan", _day(5, 31)),
    Promised("we owe her the plan before June", "we owe her the plan", _day(5, 31)),
    Promised("we owe her the plan by end of June", "we owe her the plan", _day(6, 30)),
    Promised("we owe her the plan by the end of the quarter", "we owe her the plan", _day(6, 30)),
    Promised("we owe her the plan by end of Q3", "we owe her the plan", _day(9, 30)),
    Promised("we owe her the plan by year-end", "we owe her the plan", _day(12, 31)),
    Promised("we owe her the plan before Christmas", "we owe her the plan", _day(12, 24)),
    Promised("we owe her the plan by the 20th", "we owe her the plan", _day(5, 20)),
    Promised("we owe her the plan by the 3rd", "we owe her the plan", _day(6, 3)),
    Promised("we owe her the plan by 20 May", "we owe her the plan", _day(5, 20)),
    Promised("we owe her the plan by May 20th, then we meet", "we owe her the plan", _day(5, 20)),
    Promised("we owe her the plan by Monday, 20 May", "we owe her the plan", _day(5, 20)),
    Promised("we owe her the plan by 20.5.", "we owe her the plan", _day(5, 20)),
    Promised("we owe her the plan by 20.5.2025.", "we owe her the plan", _day(5, 20, 2025)),
    Promised("we owe her the plan by 2024-06-01", "we owe her the plan", _day(6, 1)),
    Promised("we owe her the plan by 14 May", "we owe her the plan", TODAY),
    Promised("we owe her the plan by 1 May", "we owe her the plan", _day(5, 1, 2025)),
    Promised("we owe her the plan by Friday, 3 people were there", "we owe her the plan", FRIDAY),
)

NOTHING = (
    # no date phrase at a clause's end
    "",
    "we owe her the plan",
    "we'll send it by email",
    "we'll stand by Priya",
    "we'll decide on the board",
    "we owe her the plan by we",
    "by the way we met",
    "we count on March Media",
    "we'll send it by may",
    "we met 4 people, 3 on the board",
    "By Friday we owe her the plan",
    "we'll work on Friday's deck",
    "we'll send it by Friday-ish",
    "we owe her the plan within two weeks",
    "we owe her the plan Friday",
    "by Friday",
    "we'll be on the 14th floor",
    "version 2 by 3.5 percent",
    # the past
    "we spoke on Friday",
    "she called on Monday",
    "we met on 14 May",
    "we spoke before Friday",
    "they signed it by Monday",
    "the plan was due on Friday",
    "we were going to send it on Friday",
    "as promised on Monday",
    # plans of others, opinions, absence
    "they launch on Friday",
    "Priya is away until Monday",
    "I'll be away until Monday",
    "she is back by Friday",
    "she hopes sales recover by Q3",
    "we might send it by Friday",
    "she will be in Berlin on Friday",
    # a question, a condition, a denial
    "can we send it by Friday?",
    "if we hear from them by Friday, all is well",
    "we won't send it by Friday",
    "we owe her nothing by Friday",
    "we promised not to publish until Friday",
    # a date that is none, gone by, contradictory, could be two, or too far ahead
    "we owe her the plan by 31 June",
    "we owe her the plan by 13 May 2024",
    "we owe her the plan by Friday 18 May",
    "we owe her the plan by 5/6",
    "we owe her the plan by the end of 2031",
    "we owe her the plan by 14 May 2031",
    "we owe her the plan by yesterday",
)
