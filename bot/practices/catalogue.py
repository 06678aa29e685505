"""Every practice of the house, the most used one first: Bolt asks listeners in the order of registration."""

from bot.practices.cadence import conversation as cadence
from bot.practices.cadence import service as cadence_service
from bot.practices.checkins import card as checkin_card
from bot.practices.checkins import conversation as checkins
from bot.practices.clients import conversation as clients
from bot.practices.clients import service as client_service
from bot.practices.people import conversation as people
from bot.practices.people import service as people_service
from bot.practices.practice import Practice
from bot.practices.promises import service as promise_service
from bot.practices.spark import service as spark_service

PRACTICES = (
    Practice("checkins", checkins.register, (), checkin_card.card),
    Practice("clients", clients.register, clients.VERBS, client_service.card),
    Practice("people", people.register, people.VERBS, people_service.card),
    Practice("cadence", cadence.register, (), cadence_service.card),
    Practice("promises", None, (), promise_service.card),
    Practice("spark", None, (), spark_service.card),
)
