"""linked calendars, and the meetings with clients in them.

Revision: 0008, after 0007.  Taken back, calendars are not linked any more, and conversations that were meetings count
on as “We've spoken”.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WAYS = ("modal", "line", "message", "dm", "spoken")
WHYS = (
    *("not_allowed", "unencrypted", "unknown_site", "no_answer", "broken_off", "too_slow", "too_big", "leads_on"),
    *("certificate", "no_entry", "gone", "busy", "not_a_calendar", "too_much", "sealed", "ours"),
)
SETTINGS = ("one_to_one", "with_team", "in_front_of_boss")
STATES = ("ahead", "held", "did_not_happen", "cancelled")


def upgrade() -> None:
    for table in ("checkin", "draft"):
        allow(table, (*WAYS, "calendar"))
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=True),
        sa.Column("modified", sa.String(length=200), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("linked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("parsed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_read_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wrong", word("wrong", WHYS), nullable=True),
        sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        refers("calendar_link", "member_id", "member", "CASCADE"),
        refers("calendar_link", "workspace_id", "workspace", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("workspace_id", "member_id", name=op.f("uq_calendar_link_workspace_id_member_id")),
    )
    op.create_index(op.f("ix_calendar_link_next_read_at"), "calendar_link", ["next_read_at"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("setting", word("setting", SETTINGS), nullable=True),
        sa.Column("state", word("state", STATES), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        refers("meeting", "checkin_id", "checkin", "SET NULL"),
        refers("meeting", "client_id", "client", "CASCADE"),
        refers("meeting", "member_id", "member", "CASCADE"),
        refers("meeting", "workspace_id", "workspace", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("workspace_id", "member_id", "key", name=op.f("uq_meeting_workspace_id_member_id_key")),
    )
    op.create_index(op.f("ix_meeting_checkin_id"), "meeting", ["checkin_id"])
    op.create_index(op.f("ix_meeting_client_id"), "meeting", ["client_id"])
    op.create_index(op.f("ix_meeting_state_ends_at"), "meeting", ["state", "ends_at"])
    op.create_table(
        "meeting_person",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        refers("meeting_person", "contact_id", "contact", "CASCADE"),
        refers("meeting_person", "meeting_id", "meeting", "CASCADE"),
        refers("meeting_person", "workspace_id", "workspace", "CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", "contact_id", name=op.f("pk_meeting_person")),
    )
    op.create_index(op.f("ix_meeting_person_contact_id"), "meeting_person", ["contact_id"])


def downgrade() -> None:
    for name in ("meeting_person", "meeting", "calendar_link"):
        op.drop_table(name)
    for name in ("checkin", "draft"):
        noted = sa.table(name, sa.column("via"))
        op.execute(sa.update(noted).where(noted.c.via == "calendar").values(via="spoken"))
    for table in ("checkin", "draft"):
        allow(table, WAYS)


def allow(table: str, ways: Sequence[str]) -> None:
    """Let a note come by these ways."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_via"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_via"), sa.column("via").in_(ways))


def word(name: str, words: Sequence[str]) -> sa.Enum:
    """Return a text column type that holds one of some words."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def refers(table: str, column: str, other: str, then: str) -> sa.ForeignKeyConstraint:
    """Return that a column names a row of another table, and what becomes of it when that row goes."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=then)
