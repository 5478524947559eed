"""Do everything that is owed, here and now, and stop: `python -m workers.settle`."""

from lims import deployment
from workers import sequencing
from workers.broker import SETTINGS
from workers.reactions import PROJECTIONS


def main() -> None:
    """Sequence, react, print, count; until nothing is owed."""
    deployment.begin(SETTINGS)
    sequencing.run_until_idle(PROJECTIONS)


if __name__ == "__main__":
    main()
