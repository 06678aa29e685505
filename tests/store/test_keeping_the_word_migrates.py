"""What was promised, and why clients hired us, through the migration that keeps more about both."""

import pytest
import sqlalchemy as sa

from bot.store import migrate
from tests.store.test_migrations import TODAY, answers, empty_url, fill, found_by_words, sync_engine  # noqa: F401

BEFORE, AFTER = "0006", "0007"


def run(url, *statements):
    engine = sync_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement), execution_options={"all_workspaces": "a test"})
    engine.dispose()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_who_wrote_a_promise_carries_it_and_an_outcome_that_was_not_known_before_becomes_one_that_was(empty_url):  # noqa: F811
    migrate.upgrade(empty_url)
    fill(empty_url)
    run(
        empty_url,
        "UPDATE promise SET state = 'exceeded' WHERE what = 'The plan'",
        "UPDATE promise SET state = 'dropped' WHERE what = 'Gone'",
        "UPDATE client SET why_hired = 'ideas', why_type = 'launch'",
    )
    migrate.downgrade(empty_url, BEFORE)
    assert set(answers(empty_url, "SELECT what, state FROM promise")) == {("The plan", "kept"), ("Gone", "missed")}
    assert found_by_words(empty_url, "plan") == 2
    migrate.upgrade(empty_url, AFTER)
    said = "SELECT count(*) FROM promise WHERE carrier_id = author_id AND times_moved = 0 AND moved_from IS NULL"
    assert answers(empty_url, said) == [(2,)]
    [(on, why_type)] = answers(empty_url, "SELECT why_confirmed_on, why_type FROM client")
    assert (str(on), why_type) == (TODAY.isoformat(), None)


@pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
def test_the_day_on_which_a_client_said_why_is_the_same_whatever_zone_the_server_keeps(empty_url):  # noqa: F811
    run(empty_url, "ALTER DATABASE empty_ember SET timezone TO 'Pacific/Auckland'")
    migrate.upgrade(empty_url)
    fill(empty_url)
    run(empty_url, "UPDATE client SET why_hired = 'ideas', created_at = '2026-05-12 23:30+00'")
    migrate.downgrade(empty_url, BEFORE)
    migrate.upgrade(empty_url, AFTER)
    [(on,)] = answers(empty_url, "SELECT why_confirmed_on FROM client")
    assert on == TODAY
