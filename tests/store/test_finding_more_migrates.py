"""Dates, questions and why clients hired us, through the migration that has them found by their words."""

import uuid

import sqlalchemy as sa

from bot.store import migrate
from bot.store.base import new_id
from bot.store.search import Visibility
from tests.store.test_migrations import (
    NOW,
    TODAY,
    answers,
    empty_url,  # noqa: F401
    fill,
    found_by_words,
    put,
    table,
)

BEFORE, AFTER = "0009", "0010"


def keep(url: str, ids: dict[str, uuid.UUID]) -> None:
    """Keep dates, questions and why a client hired us, as they were kept before they were found."""
    ours = {"workspace_id": ids["workspace"], "author_id": ids["ana"], "created_at": NOW}
    team = {**ours, "client_id": ids["client"], "visibility": Visibility.ME}
    when = {"month": 6, "day": 2, "repeats": True, "leap_day": "feb28", "leads": [7], "next_on": TODAY, "alone": False}
    dates = (
        {"occasion": "birthday", "contact_id": ids["priya"], "title": "", "note": "No Sürprises"},
        {"occasion": "other", "contact_id": None, "title": "Jubilee", "note": None},
    )
    for date in dates:
        put(url, table("milestone").insert().values({**team, **when, **date, "id": new_id()}))
    asked = {**team, "contact_id": ids["priya"], "text": "Which surprises?", "retired_at": None}
    anybodys = {"client_id": None, "contact_id": None, "author_id": None, "visibility": Visibility.EVERYONE}
    for question in (asked, {**asked, "retired_at": NOW}, {**asked, **anybodys}):
        put(url, table("question").insert().values({**question, "id": new_id()}))
    put(url, table("client").update().values(why_hired="no surprises", why_type="critical_issue"))


def entries(url: str) -> set[tuple[str, str, str]]:
    entry = table("search_entry").c
    query = sa.select(entry.kind, entry.body, entry.visibility).where(entry.kind.in_(("date", "question", "why")))
    return {(kind.value, body, visibility.value) for kind, body, visibility in answers(url, query)}


def test_dates_questions_and_reasons_that_are_kept_already_are_found_and_not_after_the_way_back(empty_url):  # noqa: F811
    migrate.upgrade(empty_url)
    ids = fill(empty_url)
    migrate.downgrade(empty_url, BEFORE)
    keep(empty_url, ids)
    for _ in range(2):
        migrate.upgrade(empty_url, AFTER)
        assert entries(empty_url) == {
            ("date", "priya birthday no surprises", "me"),
            ("date", "jubilee", "me"),
            ("question", "which surprises", "me"),
            ("why", "no surprises critical issue", "everyone"),
        }
        refs = {ref for (ref,) in answers(empty_url, sa.select(table("search_entry").c.ref))}
        assert ids["client"] in refs
        assert (found_by_words(empty_url, "surprises"), found_by_words(empty_url, "plan")) == (3, 2)
        migrate.downgrade(empty_url, BEFORE)
        assert entries(empty_url) == set()
        assert (found_by_words(empty_url, "surprises"), found_by_words(empty_url, "plan")) == (0, 2)
