"""thanks among colleagues; dates, questions for people and why clients hired us are found by their words.

Revision: 0010, after 0009.  What is kept already is found too.  Taken back, who thanked whom is lost, and
the rest is not found by its words any more.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.search import terms

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("checkin", "promise", "fact", "answer", "difference", "blocker", "anticipation")
OURS = ("date", "question", "why")
OCCASIONS = {
    "birthday": "Birthday",
    "anniversary": "Work anniversary",
    "launch": "Launch",
    "funding": "Funding",
    "promotion": "Promotion",
    "renewal": "Renewal",
    "exam": "Exam",
}
REASONS = {
    "innovation": "innovation",
    "launch": "launch",
    "platform": "platform",
    "critical_issue": "critical issue",
}
ABOUT = ("workspace_id", "client_id", "author_id", "visibility")
ENTRY = sa.table("search_entry", *(sa.column(name) for name in (*ABOUT, "kind", "ref", "body")))
AT_ONCE = 500


def upgrade() -> None:
    op.create_table(
        "kudos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
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
        batch_op.create_index(batch_op.f("ix_kudos_workspace_id_given_on"), ["workspace_id", "given_on"], unique=False)
    allow((*KINDS, *OURS))
    for kind, found in (("date", dates()), ("question", questions()), ("why", reasons())):
        make_findable(kind, found)
    index()


def downgrade() -> None:
    op.execute(sa.delete(ENTRY).where(ENTRY.c.kind.in_(OURS)))
    allow(KINDS)
    index()
    op.drop_table("kudos")


def allow(kinds: Sequence[str]) -> None:
    """Let these kinds of things be searched for."""
    with op.batch_alter_table("search_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_search_entry_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_search_entry_kind"), sa.column("kind").in_(kinds))


def index() -> None:
    """Have the full-text index hold what the entries say; PostgreSQL keeps its own."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_text(search_text) VALUES ('rebuild')")


def dates() -> Iterator[tuple[sa.Row[Any], Sequence[str | None]]]:
    """Return the dates that matter, each with its words."""
    query = """
        SELECT milestone.id AS ref, milestone.workspace_id, milestone.client_id, milestone.author_id,
               milestone.visibility, contact.name, milestone.occasion, milestone.title, milestone.note
        FROM milestone LEFT JOIN contact ON contact.id = milestone.contact_id ORDER BY milestone.created_at
    """
    for row in op.get_bind().execute(sa.text(query)):
        yield row, (row.name, OCCASIONS.get(row.occasion), row.title, row.note)


def questions() -> Iterator[tuple[sa.Row[Any], Sequence[str | None]]]:
    """Return the questions for people that are still to be asked, each with its words."""
    query = """
        SELECT id AS ref, workspace_id, client_id, author_id, visibility, text FROM question
        WHERE client_id IS NOT NULL AND author_id IS NOT NULL AND retired_at IS NULL ORDER BY created_at
    """
    for row in op.get_bind().execute(sa.text(query)):
        yield row, (row.text,)


def reasons() -> Iterator[tuple[sa.Row[Any], Sequence[str | None]]]:
    """Return the clients of which somebody said why they hired us, each with those words."""
    query = """
        SELECT id AS ref, workspace_id, id AS client_id, created_by AS author_id, 'everyone' AS visibility,
               why_hired, why_type
        FROM client WHERE why_hired IS NOT NULL ORDER BY created_at
    """
    for row in op.get_bind().execute(sa.text(query)):
        yield row, (row.why_hired, REASONS.get(row.why_type))


def make_findable(kind: str, found: Iterator[tuple[sa.Row[Any], Sequence[str | None]]]) -> None:
    """Keep an entry for each of these things that says anything."""
    entries = []
    for row, said in found:
        if body := " ".join(terms("\n".join(part for part in said if part))):
            about = {name: getattr(row, name) for name in ABOUT}
            entries.append({**about, "kind": kind, "ref": row.ref, "body": body})
    for start in range(0, len(entries), AT_ONCE):
        op.get_bind().execute(sa.insert(ENTRY), entries[start : start + AT_ONCE])
