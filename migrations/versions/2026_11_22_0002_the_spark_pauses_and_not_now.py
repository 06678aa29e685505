"""the spark's state, pauses, "not now", and conversations without a rating.

Revision: 0002, after 0001.  A client that is paused now counts as paused from today on.  Taken back, conversations
about which nothing was written down are gone; notes that began as one stay, as if written in the form.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAYS = ("modal", "line", "message", "dm")


def upgrade() -> None:
    op.create_table(
        "client_pause",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_pause_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_client_pause_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "from_on", name=op.f("pk_client_pause")),
    )
    op.create_table(
        "snooze",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("away", "agreed", "other", name="reason", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_snooze_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_snooze_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_snooze_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_snooze")),
    )
    op.create_table(
        "spark",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("cadence_days", sa.SmallInteger(), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("contact_days", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("contacts", sa.Double(), nullable=False),
        sa.Column("exposure", sa.Double(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("slow", sa.Double(), nullable=True),
        sa.Column("fast", sa.Double(), nullable=True),
        sa.Column("fade_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_spark_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_spark_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_spark")),
    )
    with op.batch_alter_table("spark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spark_workspace_id_fade_on"), ["workspace_id", "fade_on"], unique=False)

    with op.batch_alter_table("checkin") as batch_op:
        batch_op.alter_column("feeling", existing_type=sa.SMALLINT(), nullable=True)
    for table in ("checkin", "draft"):
        allow(table, (*WAYS, "spoken"))
    op.execute(
        "INSERT INTO client_pause (client_id, from_on, until_on, workspace_id)"
        " SELECT id, CURRENT_DATE, paused_until, workspace_id FROM client"
        " WHERE status = 'paused' AND (paused_until IS NULL OR paused_until > CURRENT_DATE)",
    )


def downgrade() -> None:
    forget_bare_conversations()
    for name in ("checkin", "draft"):
        noted = sa.table(name, sa.column("via"))
        op.execute(sa.update(noted).where(noted.c.via == "spoken").values(via="modal"))
    for table in ("checkin", "draft"):
        allow(table, WAYS)
    with op.batch_alter_table("checkin") as batch_op:
        batch_op.alter_column("feeling", existing_type=sa.SMALLINT(), nullable=False)
    op.drop_table("spark")
    op.drop_table("snooze")
    op.drop_table("client_pause")


def forget_bare_conversations() -> None:
    """Delete those about which nothing was written down, children first: on SQLite, foreign keys are off here."""
    checkin = sa.table("checkin", sa.column("id"), sa.column("feeling"), sa.column("note"))
    promise = sa.table("promise", sa.column("id"), sa.column("checkin_id"))
    entry = sa.table("search_entry", sa.column("kind"), sa.column("ref"))
    is_bare = sa.and_(checkin.c.feeling.is_(None), checkin.c.note == "")
    bare = sa.select(checkin.c.id).where(is_bare)
    promised = sa.select(promise.c.id).where(promise.c.checkin_id.in_(bare))
    for kind, gone in (("checkin", bare), ("promise", promised)):
        op.execute(sa.delete(entry).where(entry.c.kind == kind, entry.c.ref.in_(gone)))
    for name in ("checkin_person", "checkin_signal", "promise"):
        child = sa.table(name, sa.column("checkin_id"))
        op.execute(sa.delete(child).where(child.c.checkin_id.in_(bare)))
    op.execute(sa.delete(checkin).where(is_bare))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")


def allow(table: str, ways: Sequence[str]) -> None:
    """Let a note come by these ways."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_via"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_via"), sa.column("via").in_(ways))
