"""keeping the word: promises that are carried, moved and end in more ways; blockers; what is needed next; why, again.

Revision: 0007, after 0006.  Promises are carried by who wrote them down; why a client hired us counts as said when it
was asked.  Taken back, an exceeded promise counts as kept and a dropped one as missed; blockers and what clients will
need next are gone.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("checkin", "promise", "fact", "answer", "difference")
OURS = ("blocker", "anticipation")
STATES = ("open", "kept", "missed")
MORE = ("exceeded", "dropped")
REASONS = ("innovation", "launch", "platform", "critical_issue", "other")


def upgrade() -> None:
    with op.batch_alter_table("client") as batch_op:
        batch_op.add_column(sa.Column("why_type", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("why_confirmed_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_client_why_type"), sa.column("why_type").in_(REASONS))
        batch_op.create_index(
            batch_op.f("ix_client_workspace_id_why_confirmed_on"), ["workspace_id", "why_confirmed_on"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL TIME ZONE 'UTC'")  # the days below are days of that zone, whatever the server's is
    op.execute(
        "UPDATE client SET why_confirmed_on = date(coalesce(why_asked_at, created_at)) WHERE why_hired IS NOT NULL"
    )
    with op.batch_alter_table("promise") as batch_op:
        batch_op.add_column(sa.Column("carrier_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("moved_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("times_moved", sa.SmallInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE promise SET carrier_id = author_id")
    with op.batch_alter_table("promise") as batch_op:
        batch_op.alter_column("carrier_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("times_moved", existing_type=sa.SmallInteger(), server_default=None)
        batch_op.create_foreign_key(op.f("fk_promise_carrier_id_member"), "member", ["carrier_id"], ["id"])
        batch_op.create_index(
            batch_op.f("ix_promise_workspace_id_carrier_id_state"),
            ["workspace_id", "carrier_id", "state"],
            unique=False,
        )
    allow("promise", "state", (*STATES, *MORE))
    op.create_table(
        "promise_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, *MORE, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_promise_event_member_id_member")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promise_event_promise_id_promise"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_promise_event_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_event")),
    )
    with op.batch_alter_table("promise_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_event_promise_id"), ["promise_id"], unique=False)
    op.create_table(
        "blocker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "ours",
                "theirs",
                "outside",
                "not_known",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("other_way", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("visibility", readers(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_blocker_author_id_member")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_blocker_checkin_id_checkin"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_blocker_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_blocker_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker")),
    )
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.create_index(batch_op.f("ix_blocker_checkin_id"), ["checkin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_blocker_workspace_id_client_id_closed_on"),
            ["workspace_id", "client_id", "closed_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_blocker_workspace_id_created_at"), ["workspace_id", "created_at"], unique=False
        )
    op.create_table(
        "anticipation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("visibility", readers(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_anticipation_author_id_member")),
        sa.ForeignKeyConstraint(["settled_by"], ["member.id"], name=op.f("fk_anticipation_settled_by_member")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_anticipation_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_anticipation_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_anticipation_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anticipation")),
        sa.UniqueConstraint("checkin_id", name=op.f("uq_anticipation_checkin_id")),
    )
    with op.batch_alter_table("anticipation") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_anticipation_workspace_id_client_id_state"),
            ["workspace_id", "client_id", "state"],
            unique=False,
        )
    allow("search_entry", "kind", (*KINDS, *OURS))


def downgrade() -> None:
    entry = sa.table("search_entry", sa.column("kind"))
    op.execute(sa.delete(entry).where(entry.c.kind.in_(OURS)))
    allow("search_entry", "kind", KINDS)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")
    for table in ("anticipation", "blocker", "promise_event"):
        op.drop_table(table)
    promise = sa.table("promise", sa.column("state"))
    for state, plain in (("exceeded", "kept"), ("dropped", "missed")):
        op.execute(sa.update(promise).where(promise.c.state == state).values(state=plain))
    allow("promise", "state", STATES)
    with op.batch_alter_table("promise") as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_workspace_id_carrier_id_state"))
        batch_op.drop_constraint(op.f("fk_promise_carrier_id_member"), type_="foreignkey")
        for column in ("times_moved", "moved_from", "carrier_id"):
            batch_op.drop_column(column)
    with op.batch_alter_table("client") as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_workspace_id_why_confirmed_on"))
        batch_op.drop_constraint(op.f("ck_client_why_type"), type_="check")
        batch_op.drop_column("why_confirmed_on")
        batch_op.drop_column("why_type")


def readers() -> sa.Enum:
    """Return the type of who may read a row."""
    return sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32)


def allow(table: str, column: str, values: Sequence[str]) -> None:
    """Let a column hold these words."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_{column}"), sa.column(column).in_(values))
