"""Every table of the house, loaded: for migrations, for export, and for tests that look at all of them."""

from bot.courier import rows as courier
from bot.practices.anticipations import rows as anticipations
from bot.practices.blockers import rows as blockers
from bot.practices.cadence import rows as cadence
from bot.practices.checkins import rows as checkins
from bot.practices.clients import rows as clients
from bot.practices.differences import rows as differences
from bot.practices.fading import rows as fading
from bot.practices.kudos import rows as kudos
from bot.practices.listening import rows as listening
from bot.practices.meetings import rows as meetings
from bot.practices.milestones import rows as milestones
from bot.practices.nuance import rows as nuance
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.spark import rows as spark
from bot.store import search, seen
from bot.store.base import Base
from bot.workspaces import audit, away, directory, installs, settings, teams

MODULES = (
    *(installs, directory, teams, settings, away, audit, clients, people, checkins, promises, cadence, spark),
    *(anticipations, blockers),
    *(fading, kudos, listening, differences, meetings, milestones, nuance, courier, search, seen),
)

metadata = Base.metadata
