"""What was decided last about the workspace, in words: when, by whom and what."""

from collections.abc import Collection
from typing import Final

from bot.slack.text import Markup, day, lines, markup
from bot.store.session import Work
from bot.workspaces import audit, directory
from bot.workspaces.here import Here

SHOWN: Final = 5
HEADING: Final = Markup("*Decided lately*")


async def decided_lately(session: Work, here: Here, whats: Collection[str]) -> Markup:
    """Return the last five decisions of some kinds, the newest first, under a heading; empty where there is none."""
    found, today = await audit.tail(session, SHOWN, whats=whats), here.local.date()
    people = await directory.members_by_id(session, {one.member_id for one in found if one.member_id is not None})
    said = []
    for one in found:
        who = people[one.member_id].name if one.member_id in people else ""
        what = markup("{what}: {about}", what=one.what, about=one.about)
        said.append(lines([day(here.member.day(one.at), today), who, what], " · "))
    return lines([HEADING, *said]) if said else Markup("")
