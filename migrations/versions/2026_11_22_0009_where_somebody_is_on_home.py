"""which part of Home somebody is on, and what Slack calls the one it shows.

Revision: 0009, after 0008.  Taken back, everybody is on Home's first part again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as batch_op:
        batch_op.add_column(sa.Column("home_spot", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("home_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("member") as batch_op:
        batch_op.drop_column("home_hash")
        batch_op.drop_column("home_spot")
