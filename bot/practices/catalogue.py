"""Every practice of the house, the most used one first: Bolt asks listeners in the order of registration."""

from functools import partial

from bot.practices.anticipations import conversation as anticipations
from bot.practices.anticipations import service as anticipation_service
from bot.practices.blockers import conversation as blockers
from bot.practices.blockers import showing as blocker_showing
from bot.practices.cadence import conversation as cadence
from bot.practices.cadence import service as cadence_service
from bot.practices.checkins import card as checkin_card
from bot.practices.checkins import conversation as checkins
from bot.practices.checkins import digest as checkin_digest
from bot.practices.checkins import keeping as checkin_keeping
from bot.practices.checkins import quotes as checkin_quotes
from bot.practices.checkins import story as checkin_story
from bot.practices.clients import conversation as clients
from bot.practices.clients import service as client_service
from bot.practices.clients import why as client_why
from bot.practices.coverage import showing as coverage_showing
from bot.practices.differences import conversation as differences
from bot.practices.differences import speaking as difference_speaking
from bot.practices.differences import story as difference_story
from bot.practices.fading import conversation as fading
from bot.practices.kudos import conversation as kudos
from bot.practices.kudos import speaking as kudos_speaking
from bot.practices.listening import brief as listening_brief
from bot.practices.listening import card as listening_card
from bot.practices.listening import conversation as listening
from bot.practices.listening import keeping as listening_keeping
from bot.practices.meetings import conversation as meetings
from bot.practices.meetings import keeping as meeting_keeping
from bot.practices.milestones import conversation as milestones
from bot.practices.milestones import finding as milestone_finding
from bot.practices.milestones import keeping as milestone_keeping
from bot.practices.milestones import speaking as milestone_speaking
from bot.practices.milestones import story as milestone_story
from bot.practices.nuance import briefing as nuance_briefing
from bot.practices.nuance import card as nuance_card
from bot.practices.nuance import conversation as nuance
from bot.practices.nuance import keeping as nuance_keeping
from bot.practices.people import conversation as people
from bot.practices.people import keeping as people_keeping
from bot.practices.practice import Practice
from bot.practices.promises import conversation as promises
from bot.practices.promises import digest as promise_digest
from bot.practices.promises import showing as promise_showing
from bot.practices.promises import story as promise_story
from bot.practices.spark import service as spark_service

PRACTICES = (
    Practice(
        "checkins",
        checkins.register,
        (),
        checkin_card.card,
        digest=checkin_digest.digest,
        brief=checkin_quotes.brief,
        holds=checkin_keeping.holds,
        forget=checkin_keeping.forget,
        handover=checkin_card.card,
        story=checkin_story.story,
    ),
    Practice(
        "clients",
        clients.register,
        clients.VERBS,
        client_service.card,
        morning=client_why.morning,
        brief=client_why.brief,
        stirring=client_why.stirring,
        stirring_workspaces=client_why.stirring_workspaces,
    ),
    Practice(
        "people",
        partial(people.register, renamed=milestone_finding.renamed),
        holds=people_keeping.holds,
        forget=people_keeping.forget,
    ),
    Practice(
        "nuance",
        nuance.register,
        nuance.VERBS,
        nuance_card.card,
        brief=nuance_briefing.brief,
        holds=nuance_keeping.holds,
        forget=nuance_keeping.forget,
        handover=nuance_briefing.handover,
    ),
    Practice(
        "milestones",
        milestones.register,
        milestones.VERBS,
        milestone_speaking.card,
        milestone_speaking.digest,
        milestone_speaking.morning,
        stirring=milestone_speaking.stirring,
        stirring_workspaces=milestone_speaking.stirring_workspaces,
        holds=milestone_keeping.holds,
        forget=milestone_keeping.forget,
        handover=milestone_speaking.card,
        story=milestone_story.story,
    ),
    Practice("coverage", card=coverage_showing.card, brief=coverage_showing.brief),
    Practice("cadence", cadence.register, (), cadence_service.card),
    Practice(
        "promises",
        promises.register,
        promises.VERBS,
        promise_showing.card,
        promise_digest.digest,
        promise_digest.morning,
        promise_showing.brief,
        promise_digest.stirring,
        promise_digest.stirring_workspaces,
        handover=promise_showing.card,
        story=promise_story.story,
    ),
    Practice(
        "blockers",
        blockers.register,
        (),
        blocker_showing.card,
        morning=blocker_showing.morning,
        brief=blocker_showing.brief,
        stirring=blocker_showing.stirring,
        stirring_workspaces=blocker_showing.stirring_workspaces,
        handover=blocker_showing.card,
    ),
    Practice(
        "anticipations",
        anticipations.register,
        (),
        anticipation_service.card,
        brief=anticipation_service.brief,
        handover=anticipation_service.card,
    ),
    Practice(
        "listening",
        listening.register,
        (),
        listening_card.card,
        brief=listening_brief.brief,
        holds=listening_keeping.holds,
        forget=listening_keeping.forget,
    ),
    Practice(
        "differences",
        differences.register,
        (),
        difference_speaking.card,
        difference_speaking.digest,
        difference_speaking.morning,
        difference_speaking.brief,
        difference_speaking.stirring,
        difference_speaking.stirring_workspaces,
        handover=difference_speaking.card,
        story=difference_story.story,
    ),
    Practice("kudos", kudos.register, digest=kudos_speaking.digest),
    Practice("fading", fading.register),
    Practice("meetings", meetings.register, holds=meeting_keeping.holds),
    Practice(
        "spark",
        None,
        (),
        spark_service.card,
        stirring=spark_service.stirring,
        stirring_workspaces=spark_service.stirring_workspaces,
    ),
)
