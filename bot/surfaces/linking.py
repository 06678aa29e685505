"""“Link my calendar”: the secret address of a member's own calendar, kept sealed, so that briefs come by themselves."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.meetings import links
from bot.practices.meetings.addresses import LONGEST, BadAddress, of_a_calendar
from bot.practices.meetings.links import Shown
from bot.practices.meetings.rounds import Rounds
from bot.practices.meetings.wording import SENTENCES
from bot.practices.practice import clicks
from bot.slack.blocks import Block, actions, button, confirm, context, divider, section
from bot.slack.errors import Refused
from bot.slack.fields import Text
from bot.slack.forms import FieldErrors, Form
from bot.slack.panel import Panel
from bot.slack.text import Markup, escape, lines, markup, when
from bot.workspaces.here import Here

WHAT: Final = Markup(
    "*Your meetings, for a brief before each one.* Link your calendar, and Ember sends you a brief a quarter of an hour"
    " before a meeting with a client, and asks you afterwards how it left them. It does not keep what they are called."
)
NO_KEY: Final = (
    "Linking a calendar needs a key, so that its address is kept sealed. Whoever runs Ember sets EMBER_ENCRYPTION_KEYS"
    " to one (`openssl rand -base64 32 | tr '+/' '-_'` makes it) and starts Ember again; then this works."
)
NEVER_READ: Final = Markup(
    "*Your calendar is linked.* It was not read yet: Ember reads it within a minute and tells you if it can't. “Read it"
    " now” shows how that went."
)
INSTEAD: Final = Markup("It takes the place of the calendar that you have linked: Ember reads one for each of you.")
UNLINKED: Final = "Your calendar is not linked any more. Ember has forgotten its address and the meetings ahead."
SURE: Final = confirm(
    "Unlink your calendar?",
    "Ember forgets its address and the meetings ahead. What was logged stays.",
    "Unlink it",
    "Keep it",
)
FORM: Final = Form(
    "calendar.link",
    "Link my calendar",
    "Link it",
    (
        Text(
            "address",
            "Secret address",
            focus=True,
            max_length=LONGEST,
            hint="In iCal format, from your calendar's settings. It starts with https:// or webcal://.",
            missing="Paste the secret address.",
        ),
    ),
)


class Linking:
    """The form and the buttons of a member's own calendar."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds

    def register(self, app: AsyncApp) -> None:
        """Connect them."""
        app.action(clicks("calendar.link"))(self.open)
        app.view(FORM.name)(self.save)
        app.action("calendar.unlink")(self.unlink)
        app.action("calendar.read")(self.read)

    async def open(self, ack: AsyncAck, here: Here) -> None:
        """Ask for the address.  Raises Refused where it could not be kept sealed."""
        if here.host.seal is None:
            raise Refused(NO_KEY)
        async with here.look() as session:
            is_linked = await links.shown(session, here.member, now=here.now) is not None
        await ack()
        here.open(FORM.view(before=[section(INSTEAD)] if is_linked else []))

    async def save(self, ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
        """Keep the address sealed, and read the calendar behind the answer."""
        typed, fetcher = FORM.read(view, always=("address",))["address"], self._rounds.fetcher
        if here.host.seal is None:
            raise FieldErrors({"address": NO_KEY})
        try:
            address = of_a_calendar(typed, allowed=fetcher.allowed, public=fetcher.public)
        except BadAddress as error:
            raise FieldErrors({"address": str(error)}) from None
        async with here.work() as session:
            await links.link(session, here.member, here.host.seal.close(address), now=here.now)
            shown = await links.shown(session, here.member, now=here.now)
        await here.show(ack, panel(here, shown, outcome="Your calendar is linked."))
        here.later("read a calendar", self._read(here))

    async def unlink(self, ack: AsyncAck, here: Here) -> None:
        """Forget a calendar."""
        async with here.work() as session:
            await links.unlink(session, here.member, now=here.now)
        sentence = escape(UNLINKED)
        again = actions(button("Link my calendar", "calendar.link"))
        await here.show(ack, Panel("Your calendar", sentence, [section(sentence), again], outcome=UNLINKED))

    async def read(self, ack: AsyncAck, here: Here) -> None:
        """Read a calendar now, and show how that went once it is done."""
        await ack()
        here.later("read a calendar", self._read_and_show(ack, here))

    async def _read(self, here: Here) -> None:
        await self._rounds.read(here.workspace.id, here.member.id)

    async def _read_and_show(self, ack: AsyncAck, here: Here) -> None:
        """Read, then show; that Slack has its answer already does no harm."""
        await self._read(here)
        async with here.look() as session:
            shown = await links.shown(session, here.member, now=here.now)
        await here.show(ack, panel(here, shown))


def panel(here: Here, shown: Shown | None, *, outcome: str = "") -> Panel:
    """Return a member's linked calendar alone."""
    return Panel("Your calendar", "This is your linked calendar.", part(here, shown), outcome=outcome)


async def blocks(here: Here) -> list[Block]:
    """Return what stands about a member's linked calendar above the link to their dates."""
    async with here.look() as session:
        shown = await links.shown(session, here.member, now=here.now)
    return [*part(here, shown), divider()]


def part(here: Here, shown: Shown | None) -> Sequence[Block]:
    """Return what there is to see and to do about a linked calendar."""
    if shown is None and here.host.seal is None:
        return [section(WHAT), context(escape(NO_KEY))]
    if shown is None:
        return [section(WHAT), actions(button("Link my calendar", "calendar.link"))]
    buttons = actions(
        button("Read it now", "calendar.read"),
        button("Link another", "calendar.link"),
        button("Unlink", "calendar.unlink", style="danger", confirm=SURE),
    )
    return [section(_how_it_goes(shown, here.local)), buttons]


def _how_it_goes(shown: Shown, now: dt.datetime) -> Markup:
    link = shown.link
    last = _at(link.read_at, now) if link.read_at is not None else Markup("")
    if link.wrong is not None:
        head = Markup("*Ember can't read your calendar just now.*")
        read = markup("Last read {at}.", at=last) if last else ""
        return lines([head, SENTENCES[link.wrong], read])
    if not last:
        return NEVER_READ
    count = {0: "no meeting", 1: "one meeting"}.get(shown.ahead, f"{shown.ahead} meetings")
    read = markup("Last read {at}; {count} with a client in the next two weeks.", at=last, count=count)
    return lines([Markup("*Your calendar is linked.*"), read])


def _at(instant: dt.datetime, now: dt.datetime) -> Markup:
    return when(instant, f"{instant.astimezone(now.tzinfo):%H:%M}")
