"""Every practice of the house, the most used one first: Bolt asks listeners in the order of registration."""

from bot.practices.cadence import conversation as cadence
from bot.practices.cadence import service as cadence_service
from bot.practices.checkins import card as checkin_card
from bot.practices.checkins import conversation as checkins
from bot.practices.checkins import digest as checkin_digest
from bot.practices.clients import conversation as clients
from bot.practices.clients import service as client_service
from bot.practices.fading import conversation as fading
from bot.practices.milestones import conversation as milestones
from bot.practices.milestones import speaking as milestone_speaking
from bot.practices.people import conversation as people
from bot.practices.people import service as people_service
from bot.practices.practice import Practice
from bot.practices.promises import conversation as promises
from bot.practices.promises import digest as promise_digest
from bot.practices.promises import service as promise_service
from bot.practices.spark import service as spark_service

PRACTICES = (
    Practice("checkins", checkins.register, (), checkin_card.card, digest=checkin_digest.digest),
    Practice("clients", clients.register, clients.VERBS, client_service.card),
    Practice("people", people.register, people.VERBS, people_service.card),
    Practice(
        "milestones",
        milestones.register,
        milestones.VERBS,
        milestone_speaking.card,
        milestone_speaking.digest,
        milestone_speaking.morning,
        milestone_speaking.stirring,
        milestone_speaking.stirring_workspaces,
    ),
    Practice("cadence", cadence.register, (), cadence_service.card),
    Practice(
        "promises",
        promises.register,
        (),
        promise_service.card,
        promise_digest.digest,
        promise_digest.morning,
        promise_digest.stirring,
        promise_digest.stirring_workspaces,
    ),
    Practice("fading", fading.register),
    Practice(
        "spark",
        None,
        (),
        spark_service.card,
        stirring=spark_service.stirring,
        stirring_workspaces=spark_service.stirring_workspaces,
    ),
)
