"""Every table of the house, loaded: for migrations, for export, and for tests that look at all of them."""

from bot.practices.cadence import rows as cadence
from bot.practices.checkins import rows as checkins
from bot.practices.clients import rows as clients
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.spark import rows as spark
from bot.store import search, seen
from bot.store.base import Base
from bot.workspaces import directory, installs, teams

MODULES = (installs, directory, teams, clients, people, checkins, promises, cadence, spark, search, seen)

metadata = Base.metadata
