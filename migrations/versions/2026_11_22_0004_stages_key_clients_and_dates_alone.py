"""stages, key clients and dates alone: each stage has a rhythm, some clients come first, some reminders come alone.

Revision: 0004, after 0003.  Sparks of clients that are not steady learn their stage's rhythm; those are made anew at
the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_OTHER_STAGES = "DELETE FROM spark WHERE client_id IN (SELECT id FROM client WHERE stage <> 'steady')"


def upgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_key", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.execute(OF_OTHER_STAGES)


def downgrade() -> None:
    op.execute(OF_OTHER_STAGES)

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_column("alone")

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_column("is_key")
