"""thanks among colleagues.

Revision: 0010, after 0009.  Taken back, who thanked whom is lost.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kudos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_kudos_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["member.id"], name=op.f("fk_kudos_giver_id_member")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_kudos_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kudos")),
        sa.UniqueConstraint("checkin_id", "giver_id", name=op.f("uq_kudos_checkin_id_giver_id")),
    )
    with op.batch_alter_table("kudos") as batch_op:
        batch_op.create_index(batch_op.f("ix_kudos_workspace_id_given_at"), ["workspace_id", "given_at"], unique=False)


def downgrade() -> None:
    op.drop_table("kudos")
