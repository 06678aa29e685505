"""what was heard between the lines: wins, struggles, our role, questions and answers, differences, three lines.

Revision: 0006, after 0005.  Taken back, all of that is gone.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bot.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = ("checkin", "promise", "fact")
OURS = ("answer", "difference")


def upgrade() -> None:
    with op.batch_alter_table("checkin") as batch_op:
        batch_op.add_column(sa.Column("win", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("struggle", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("our_role", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("were_there", sa.SmallInteger(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_checkin_our_role"), sa.column("our_role").in_(("listened", "advised", "challenged"))
        )
    there = "SELECT count(*) FROM checkin_person WHERE checkin_person.checkin_id = checkin.id"
    op.execute(f"UPDATE checkin SET were_there = ({there})")  # noqa: S608  no word of it comes from outside
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_question_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_question_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_question_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_question_author_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_workspace_id_contact_id"), ["workspace_id", "contact_id"], unique=False
        )
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("raised_id", sa.Uuid(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_answer_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_answer_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_answer_question_id_question"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["raised_id"], ["question.id"], name=op.f("fk_answer_raised_id_question"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_answer_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_answer_author_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer") as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_client_id_answered_at"), ["client_id", "answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_raised_id"), ["raised_id"], unique=False)
    op.create_table(
        "reflection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("feeling", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_reflection_checkin_id_checkin"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_reflection_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_reflection_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_reflection_author_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
        sa.UniqueConstraint("workspace_id", "checkin_id", name=op.f("uq_reflection_workspace_id_checkin_id")),
    )
    with op.batch_alter_table("reflection") as batch_op:
        batch_op.create_index(batch_op.f("ix_reflection_client_id_author_id"), ["client_id", "author_id"], unique=False)
    op.create_table(
        "difference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolve_by", sa.Date(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("team", "everyone", "me", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name=op.f("fk_difference_checkin_id_checkin"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_difference_client_id_client"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_difference_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_difference_author_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
    )
    with op.batch_alter_table("difference") as batch_op:
        batch_op.create_index(batch_op.f("ix_difference_checkin_id"), ["checkin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_difference_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_difference_workspace_id_resolve_by"), ["workspace_id", "resolve_by"], unique=False
        )
    find((*KINDS, *OURS))


def downgrade() -> None:
    entry = sa.table("search_entry", sa.column("kind"))
    op.execute(sa.delete(entry).where(entry.c.kind.in_(OURS)))
    find(KINDS)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")
    for table in ("difference", "reflection", "answer", "question"):
        op.drop_table(table)
    with op.batch_alter_table("checkin") as batch_op:
        batch_op.drop_constraint(op.f("ck_checkin_our_role"), type_="check")
        for column in ("were_there", "our_role", "struggle", "win"):
            batch_op.drop_column(column)


def find(kinds: Sequence[str]) -> None:
    """Let these kinds of things be searched for."""
    with op.batch_alter_table("search_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_search_entry_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_search_entry_kind"), sa.column("kind").in_(kinds))
