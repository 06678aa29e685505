"""`bench.delivery` in small: a real process, killed -9, against a Slack that fails."""

import shutil

from bench.delivery import Setting, play


async def test_every_message_once_and_in_order_though_the_process_is_killed(tmp_path, migrated_sqlite):
    shutil.copy(migrated_sqlite, tmp_path / "ember.db")
    setting = Setting("sqlite", "embedded", 1, messages=40, channels=10, kills=1, speed=10.0)
    tally = await play(setting, 7, f"sqlite+aiosqlite:///{tmp_path}/ember.db", tmp_path / "log")

    assert tally.kills == 1
    assert tally.met.total() > 0
    assert (tally.lost, tally.duplicated, tally.disordered) == (0, 0, 0), (tmp_path / "log").read_text()
    assert tally.states == {"sent": 40}
