"""stages, key clients and dates alone: each stage has a rhythm, some clients come first, some reminders come alone.

Revision: 0004, after 0003.  The rhythm that is kept is the one for when all is steady, so it changes for clients in
another stage, who go on being spoken with as often as before.  Only onboarding of more than half a year between
conversations becomes half a year; the sparks of such clients are made anew at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLIENT = sa.table("client", sa.column("id"), sa.column("stage"), sa.column("rhythm_days", sa.Integer()))
SPARK = sa.table("spark", sa.column("client_id"))
DAYS = CLIENT.c.rhythm_days
TWICE = sa.update(CLIENT).values(rhythm_days=sa.case((DAYS > 182, 365), else_=2 * DAYS))
HALF = sa.update(CLIENT).values(rhythm_days=(DAYS + 1) // 2)
TWICE_AS_OFTEN = CLIENT.c.stage.in_(["onboarding", "renewal"])
HALF_AS_OFTEN = CLIENT.c.stage == "winding_down"
TOO_LONG = sa.select(CLIENT.c.id).where(TWICE_AS_OFTEN, DAYS > 183)


def upgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_key", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.execute(sa.delete(SPARK).where(SPARK.c.client_id.in_(TOO_LONG)))
    op.execute(TWICE.where(TWICE_AS_OFTEN))
    op.execute(HALF.where(HALF_AS_OFTEN))


def downgrade() -> None:
    op.execute(HALF.where(TWICE_AS_OFTEN))
    op.execute(TWICE.where(HALF_AS_OFTEN))

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_column("alone")

    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_column("is_key")
