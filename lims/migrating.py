"""Bring a database to a revision, from the command line, the launcher and the tests."""

from alembic import command
from alembic.config import Config

from lims.config import ROOT


def config(url: str) -> Config:
    """Make Alembic's configuration without a file of its own."""
    alembic = Config()
    alembic.set_main_option("script_location", str(ROOT / "migrations"))
    alembic.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    alembic.attributes["url"] = url
    return alembic


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database up."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Bring the database down; each migration says what is lost."""
    command.downgrade(config(url), revision)
