"""Bringing a database to the shape that this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def scripts() -> Path:
    """Return the folder of migrations: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def config(url: str) -> Config:
    """Return alembic's configuration for a database."""
    made = Config()
    made.set_main_option("script_location", str(scripts()))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s")
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Run every migration that is missing; blocks."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take migrations back; blocks."""
    command.downgrade(config(url), revision)


def check(url: str) -> None:
    """Raise alembic's CommandError if the tables differ from the code."""
    command.check(config(url))


def write_revision(url: str, message: str, revision: str) -> None:
    """Write a new migration from the difference between code and database."""
    command.revision(config(url), message, autogenerate=True, rev_id=revision)
