import pytest

from bench.kill import play

pytestmark = pytest.mark.without_coverage


async def test_what_slack_was_told_is_saved_survives_kill_9(database_url, tmp_path):
    tally = await play("any", database_url, 3, tmp_path / "ember.log")
    assert (tally.rounds, tally.lost, tally.twice) == (3, set(), 0)
    assert len(tally.acknowledged) >= 3
    assert "Traceback" not in (tmp_path / "ember.log").read_text()
