"""speaking first: the ledger, settings, who is away, alerts, dates that matter.

Revision: 0003, after 0002.  Sparks learn on which day a client is due; they are made anew at the next start.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lane",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("next_ok_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("limited_at", UtcDateTime(), nullable=True),
        sa.Column("paused_reason", sa.String(length=80), nullable=True),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_lane_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("workspace_id", "channel", name=op.f("uq_lane_workspace_id_channel")),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lane_next_ok_at"), ["next_ok_at"], unique=False)

    op.create_table(
        "posting",
        sa.Column("blocked_until", UtcDateTime(), nullable=True),
        sa.Column("suspended_reason", sa.String(length=80), nullable=True),
        sa.Column("stuck_since", UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_posting_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_posting")),
    )
    op.create_table(
        "planner",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planner")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("next_due_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_schedule_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("workspace_id", "recipient", "kind", name=op.f("uq_schedule_workspace_id_recipient_kind")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_schedule_next_due_at_workspace_id_id"), ["next_due_at", "workspace_id", "id"], unique=False
        )

    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_audit_member_id_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_audit_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_workspace_id_at"), ["workspace_id", "at"], unique=False)

    op.create_table(
        "away",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cover_id"], ["member.id"], name=op.f("fk_away_cover_id_member"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_away_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_away_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
    )
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_away_workspace_id_member_id_back_on"), ["workspace_id", "member_id", "back_on"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_key", sa.String(length=200), nullable=False),
        sa.Column(
            "op",
            sa.Enum("post", "update", name="op", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "unknown",
                "sent",
                "dead",
                "expired",
                "parked",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("first_try_at", UtcDateTime(), nullable=True),
        sa.Column("last_try_at", UtcDateTime(), nullable=True),
        sa.Column("sent_channel", sa.String(length=32), nullable=True),
        sa.Column("sent_ts", sa.String(length=32), nullable=True),
        sa.Column("last_error", sa.String(length=120), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_delivery_lane_id_lane"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["target_id"], ["delivery.id"], name=op.f("fk_delivery_target_id_delivery"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_delivery_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("workspace_id", "occurrence_key", name=op.f("uq_delivery_workspace_id_occurrence_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_lane_id_state_due_at"), ["lane_id", "state", "due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_delivery_state_due_at"), ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_target_id"), ["target_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_delivery_workspace_id_kind_local_date_subject"),
            ["workspace_id", "kind", "local_date", "subject"],
            unique=False,
        )

    op.create_table(
        "preference",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("morning_at", sa.Time(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("country", sa.String(length=16), nullable=True),
        sa.Column("wants_morning", sa.Boolean(), nullable=False),
        sa.Column("wants_dates", sa.Boolean(), nullable=False),
        sa.Column("calendar_key", sa.String(length=64), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_preference_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_preference_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_preference")),
    )
    with op.batch_alter_table("preference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preference_calendar_key"), ["calendar_key"], unique=False)

    op.create_table(
        "delivery_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "unknown",
                "sent",
                "dead",
                "expired",
                "parked",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_event_delivery_id_delivery"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_delivery_event_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
    )
    with op.batch_alter_table("delivery_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_event_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("team_channel_id", sa.Uuid(), nullable=True),
        sa.Column("tz", sa.String(length=64), nullable=True),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("workdays", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.String(length=16), nullable=True),
        sa.Column(
            "fade_first",
            sa.Enum("channel", "owner", name="fade_first", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("wants_wrap", sa.Boolean(), nullable=False),
        sa.Column("fade_at", sa.Double(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_channel_id"], ["channel.id"], name=op.f("fk_setting_team_channel_id_channel"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_setting_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_setting")),
    )
    op.create_table(
        "fading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("p_fade", sa.Double(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                "logged",
                "spoken",
                "not_now",
                "paused",
                "recovered",
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_fading_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["member.id"], name=op.f("fk_fading_taken_by_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_fading_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fading")),
        sa.UniqueConstraint("client_id", "opened_on", name=op.f("uq_fading_client_id_opened_on")),
    )
    with op.batch_alter_table("fading", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fading_open",
            ["client_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_fading_workspace_id_closed_at"), ["workspace_id", "closed_at"], unique=False
        )

    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column(
            "occasion",
            sa.Enum(
                "birthday",
                "anniversary",
                "launch",
                "funding",
                "promotion",
                "renewal",
                "exam",
                "other",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column(
            "leap_day",
            sa.Enum("feb28", "mar1", name="leap_day", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name=op.f("ck_milestone_day")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_milestone_month")),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_milestone_author_id_member")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_milestone_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_milestone_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_milestone_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_milestone_workspace_id_next_on"), ["workspace_id", "next_on"], unique=False
        )

    op.create_table(
        "milestone_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "marking",
                "planned",
                "on_the_day",
                "skipped",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_milestone_step_member_id_member")),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_milestone_step_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_milestone_step_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_step")),
    )
    with op.batch_alter_table("milestone_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestone_step_milestone_id_occurs_on"), ["milestone_id", "occurs_on"], unique=False
        )

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allowed_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("allowed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("allowed_shared", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(
            batch_op.f("fk_channel_allowed_by_member"), "member", ["allowed_by"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("spark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_spark_workspace_id_due_on"), ["workspace_id", "due_on"], unique=False)

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_at", UtcDateTime(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_promise_workspace_id_state_due_on"), ["workspace_id", "state", "due_on"], unique=False
        )

    op.execute("DELETE FROM spark")


def downgrade() -> None:
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_workspace_id_state_due_on"))
        batch_op.drop_column("settled_at")

    with op.batch_alter_table("spark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spark_workspace_id_due_on"))
        batch_op.drop_column("due_on")

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_channel_allowed_by_member"), type_="foreignkey")
        batch_op.drop_column("is_shared")
        batch_op.drop_column("allowed_shared")
        batch_op.drop_column("allowed_at")
        batch_op.drop_column("allowed_by")

    with op.batch_alter_table("milestone_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_step_milestone_id_occurs_on"))

    op.drop_table("milestone_step")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_workspace_id_next_on"))
        batch_op.drop_index(batch_op.f("ix_milestone_client_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("fading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fading_workspace_id_closed_at"))
        batch_op.drop_index(
            "ix_fading_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )

    op.drop_table("fading")
    op.drop_table("setting")
    with op.batch_alter_table("delivery_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_event_delivery_id"))

    op.drop_table("delivery_event")
    with op.batch_alter_table("preference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preference_calendar_key"))

    op.drop_table("preference")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_workspace_id_kind_local_date_subject"))
        batch_op.drop_index(batch_op.f("ix_delivery_target_id"))
        batch_op.drop_index(batch_op.f("ix_delivery_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_lane_id_state_due_at"))

    op.drop_table("delivery")
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_away_workspace_id_member_id_back_on"))

    op.drop_table("away")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_workspace_id_at"))

    op.drop_table("audit")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedule_next_due_at_workspace_id_id"))

    op.drop_table("schedule")
    op.drop_table("planner")
    op.drop_table("posting")
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lane_next_ok_at"))

    op.drop_table("lane")
