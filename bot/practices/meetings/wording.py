"""What is said about a calendar that cannot be read: what is wrong, and what to do."""

from typing import Final

from bot.practices.meetings.rules import Why

AGAIN: Final = "Ember tries again by itself."
COPY: Final = "Copy the secret address in iCal format from your calendar's settings, and link it again."

SENTENCES: Final[dict[Why, str]] = {
    Why.NOT_ALLOWED: f"The address leads where Ember reads nothing, such as into the network that it runs in. {COPY}",
    Why.UNENCRYPTED: f"The address leads to a page that is not encrypted, so Ember did not go there. {COPY}",
    Why.UNKNOWN_SITE: f"Ember found no site at that address. If it was mistyped: {COPY[0].lower()}{COPY[1:]}",
    Why.NO_ANSWER: f"The calendar's site did not answer. {AGAIN}",
    Why.BROKEN_OFF: f"The calendar's site broke off in the middle. {AGAIN}",
    Why.TOO_SLOW: f"The calendar's site took longer than ten seconds. {AGAIN}",
    Why.TOO_BIG: "The calendar is bigger than 2 MB, which is more than Ember reads. Link one with less in it.",
    Why.LEADS_ON: f"The address leads on from page to page and never to a calendar. {COPY}",
    Why.CERTIFICATE: f"The site could not prove that it is the one it says it is. {AGAIN}",
    Why.NO_ENTRY: f"The calendar's site does not let Ember in. {COPY}",
    Why.GONE: f"There is no calendar at that address any more. {COPY}",
    Why.BUSY: f"The calendar's site is too busy just now. {AGAIN}",
    Why.NOT_A_CALENDAR: f"What stands at that address is no calendar. {COPY}",
    Why.TOO_MUCH: "The calendar holds more than Ember can work out in a few seconds. Link one with less in it.",
    Why.OURS: f"Something went wrong on Ember's side while it read your calendar. {AGAIN}",
    Why.SEALED: "Ember has lost the key to your calendar's address. Please link it again.",
}
