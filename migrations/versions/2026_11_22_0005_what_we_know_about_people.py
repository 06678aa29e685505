"""what we know about people, their e-mail addresses, and who reports to whom.

Revision: 0005, after 0004.  Taken back, what was known about people is gone.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = ("checkin", "promise")


def upgrade() -> None:
    with op.batch_alter_table("contact") as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("reports_to_id", sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_contact_client_id_email"), ["client_id", "email"])
        batch_op.create_foreign_key(
            op.f("fk_contact_reports_to_id_contact"), "contact", ["reports_to_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_contact_reports_to_id"), ["reports_to_id"], unique=False)
    op.create_table(
        "fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column(
            "field",
            sa.Enum(
                "beyond_the_role",
                "likes",
                "dislikes",
                "makes_them_tick",
                "motivated_by",
                "up_at_night",
                "detail",
                "cause",
                "sensitive",
                "observation",
                "tone_alone",
                "tone_with_team",
                "tone_boss",
                "prefers",
                "hours",
                "uses",
                "avoids",
                "depth",
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("slot", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_fact_author_id_member")),
        sa.ForeignKeyConstraint(["edited_by"], ["member.id"], name=op.f("fk_fact_edited_by_member")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_fact_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_fact_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_fact_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("contact_id", "slot", name=op.f("uq_fact_contact_id_slot")),
    )
    with op.batch_alter_table("fact") as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_workspace_id_client_id"), ["workspace_id", "client_id"], unique=False)
    find((*KINDS, "fact"))


def downgrade() -> None:
    entry = sa.table("search_entry", sa.column("kind"))
    op.execute(sa.delete(entry).where(entry.c.kind == "fact"))
    find(KINDS)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")
    op.drop_table("fact")
    with op.batch_alter_table("contact") as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_reports_to_id"))
        batch_op.drop_constraint(op.f("fk_contact_reports_to_id_contact"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_contact_client_id_email"), type_="unique")
        batch_op.drop_column("reports_to_id")
        batch_op.drop_column("email")


def find(kinds: Sequence[str]) -> None:
    """Let these kinds of things be searched for."""
    with op.batch_alter_table("search_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_search_entry_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_search_entry_kind"), sa.column("kind").in_(kinds))
