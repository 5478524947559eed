"""Name the tests of the rules, and of the features that the change since HEAD touches."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SLOWER = {"browser", "house"}
"""Tiers that walk over everything, which is not what somebody who waits wants."""


def main() -> None:
    """Print the paths of tests, one a line."""
    tests = {path for feature in _features(_changed()) for path in _tests_of(feature)}
    sys.stdout.write("\n".join(["tests/rules", *sorted(tests)]) + "\n")


def _changed() -> list[str]:
    """Name the files that differ from HEAD, and those git does not know yet."""
    asked = ["git", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603
    paths = [entry[3:] for entry in answer.stdout.split("\0") if entry]
    return [path for path in paths if (ROOT / path).is_file()]


def _features(changed: list[str]) -> set[str]:
    """Name features as their folder in lims, their schema and their worker do."""
    parts = [path.split("/") for path in changed if path.endswith((".py", ".html"))]
    return {Path(part).stem.removeprefix("test_") for path in parts for part in path[1:3]}


def _tests_of(feature: str) -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for path in ROOT.glob(f"tests/*/test_{feature}*.py")
        if path.parent.name not in SLOWER
    ]


if __name__ == "__main__":
    main()
