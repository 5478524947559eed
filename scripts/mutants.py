"""Let mutmut change a sample of the rules and services, and count the changes no test notices."""

import math
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BAR = 0.9
BY_CHANCE = 3
"""Standard deviations by which a sample may fall short of what holds of all mutants."""

QUICKEST = "lims.kernel.money.*"
"""Whatever mutmut is asked to try, it makes the mutants of all modules first."""

KILLED = {"killed", "timeout", "segfault"}
"""A mutant that never ends or breaks the interpreter is noticed as well."""


def main() -> None:
    """Try a sample: its size and the seed of the dice are the two arguments."""
    size, seed = int(sys.argv[1]), int(sys.argv[2])
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)  # mutmut believes its old statistics
    _mutmut("run", QUICKEST)
    names = sorted(_results())
    sample = random.Random(seed).sample(names, min(size, len(names)))  # noqa: S311 - no secret
    _mutmut("run", *sample)
    results = _results()
    sys.exit(_report(len(names), seed, {name: results[name] for name in sample}))


def _mutmut(*arguments: str) -> str:
    """Run mutmut; its output is shown only when it fails."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)  # noqa: S603
    if run.returncode:
        sys.exit(run.stdout[-5000:] + run.stderr)
    return run.stdout


def _results() -> dict[str, str]:
    """Return the status of every mutant by its name."""
    lines = _mutmut("results", "--all", "true").splitlines()
    return dict(line.strip().rsplit(": ", 1) for line in lines if "__mutmut_" in line)


def _report(total: int, seed: int, results: dict[str, str]) -> int:
    """Print those that live, and the share that was killed; return what the process exits with."""
    counts = Counter("killed" if status in KILLED else status for status in results.values())
    for name, status in sorted(results.items()):
        if status not in KILLED:
            sys.stdout.write(f"{status}: {name}\n")
    killed = counts["killed"] / len(results)
    sys.stdout.write(
        f"{len(results)} of {total} mutants (seed {seed}): {killed:.1%} killed; "
        + ", ".join(f"{status} {count}" for status, count in counts.most_common())
        + "\nSee one with .venv/bin/mutmut show NAME.\n"
    )
    allowed = BY_CHANCE * math.sqrt(BAR * (1 - BAR) / len(results))
    return int(killed < BAR - allowed)


if __name__ == "__main__":
    main()
