"""`make bench`: the speed bars of the project, as one table and as bench.json."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from lims.config import ROOT
from tests import deployments
from tests.benchmarks import burst, intake, latency, listing, over_http, scaled_out, verdicts
from tests.benchmarks.measure import Figure, machine, table, written
from tests.deployments import EMBEDDED, SCALED, Place

Take = Callable[..., Iterator[Figure]]

PARTS: dict[str, tuple[Take, str]] = {
    "intake": (intake.figures, EMBEDDED),
    "verdicts": (verdicts.figures, EMBEDDED),
    "http": (over_http.figures, EMBEDDED),
    "http-scaled": (over_http.figures, SCALED),
    "scaled-out": (scaled_out.figures, SCALED),
    "listing": (listing.figures, EMBEDDED),
    "latency": (latency.figures, EMBEDDED),
    "latency-scaled": (latency.figures, SCALED),
    "burst": (burst.figures, EMBEDDED),
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs, for CI")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), help="these parts alone")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json")
    asked = parser.parse_args()
    before = machine()
    click.echo(", ".join(f"{name} {said}" for name, said in before.items()))
    figures: list[Figure] = []
    for name in asked.only or PARTS:
        figures += _part(name, quick=asked.quick)
    click.echo("\n" + table(figures) + "\n")
    written(asked.out, figures, before)
    click.echo(f"Written to {asked.out.name}; load now {machine()['load']}.")


def _part(name: str, *, quick: bool) -> list[Figure]:
    take, kind = PARTS[name]
    missing = deployments.lacking(kind)
    if missing:
        click.echo(f"{name}: left out, {missing}")
        return []
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="lims-bench-") as folder,
        deployments.placed(Path(folder), kind, name="bench") as place,
    ):
        found = list(_told(take, place, quick=quick))
    click.echo(f"{name}: {time.monotonic() - begun:.0f} s")
    return found


def _told(take: Take, place: Place, *, quick: bool) -> Iterator[Figure]:
    for one in take(place, quick=quick):
        click.echo(f"  {table([one]).splitlines()[1]}")
        yield one


if __name__ == "__main__":
    main()
