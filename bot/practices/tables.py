"""Every table of the house, loaded: for migrations, for export, and for tests that look at all of them."""

from bot.courier import rows as courier
from bot.practices.cadence import rows as cadence
from bot.practices.checkins import rows as checkins
from bot.practices.clients import rows as clients
from bot.practices.fading import rows as fading
from bot.practices.milestones import rows as milestones
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.spark import rows as spark
from bot.store import search, seen
from bot.store.base import Base
from bot.workspaces import audit, away, directory, installs, settings, teams

MODULES = (
    *(installs, directory, teams, settings, away, audit, clients, people, checkins, promises, cadence, spark),
    *(fading, milestones, courier, search, seen),
)

metadata = Base.metadata
