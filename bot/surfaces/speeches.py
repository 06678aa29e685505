"""Every kind of message that Ember starts by itself."""

from typing import Final

from bot.courier.kinds import Speech
from bot.practices.milestones.speaking import MILESTONE
from bot.surfaces.alert import FADE
from bot.surfaces.digest import DIGEST
from bot.surfaces.handover import HANDOVER, OWNER_LEFT
from bot.surfaces.meetings import AFTER, BRIEF, TROUBLE
from bot.surfaces.morning import MORNING
from bot.surfaces.notice import NOTICE

SPEECHES: Final[tuple[Speech, ...]] = (
    *(DIGEST, FADE, MORNING, MILESTONE, NOTICE, BRIEF, AFTER, TROUBLE),
    *(HANDOVER, OWNER_LEFT),
)
