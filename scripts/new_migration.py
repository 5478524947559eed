"""Write a new migration: what a database at the newest revision lacks to equal the models.

The comparison is made on a scratch database, so the centre's own is not touched.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from lims import migrating
from lims.kernel import clock


def main(words: str) -> None:
    """Name the migration by its words and write it to migrations/versions."""
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{Path(scratch) / 'scratch.db'}"
        migrating.upgrade(url)
        command.revision(
            migrating.config(url),
            message=words,
            autogenerate=True,
            rev_id=f"{clock.now():%Y%m%d_%H%M}",
        )


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
