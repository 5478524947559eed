"""The first page of a long list of items, and whether it minds how long the list is."""

import statistics
from collections.abc import Iterator

from lims.vocabulary import Discipline, ItemState
from tests.benchmarks import filling, inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure, Times, percentile, runs
from tests.deployments import Place

BAR = 25.0
GROWTH = 1.2
FEW, MANY = 40, 200
SIZES = (50_000, 200_000)
SMALL = (10_000, 20_000)
FILTERS = (
    (ItemState.HANDED_OVER, Discipline.VERIFICATION),
    (ItemState.RECEIVED, Discipline.VERIFICATION),
    (ItemState.AUTHORISED, Discipline.CALIBRATION),
)


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure the slowest of three filters at two sizes."""
    sizes = SMALL if quick else SIZES
    medians: dict[int, tuple[float, float]] = {}
    with inside.opened(place) as here:
        filled = 0
        for size in sizes:
            filling.items(filled, size - filled)
            filled = size
            slowest = max((_listed(here, *one, quick=quick) for one in FILTERS), key=_p95)
            medians[size] = statistics.median(slowest.wall), statistics.median(slowest.cpu)
            told = (
                f"median {medians[size][0]:.1f} ms, {len(slowest.wall)} runs, slowest of 3 filters"
            )
            cpu = percentile(slowest.cpu, 95)
            yield Figure(f"first 50 of {size:,} items, p95", BAR, "ms", _p95(slowest), cpu, told)
    small, large = sizes
    wall, cpu = (medians[large][at] / medians[small][at] for at in (0, 1))
    yield Figure(f"the same, {large:,} : {small:,}", GROWTH, "×", wall, cpu, "medians")


def _p95(times: Times) -> float:
    return percentile(times.wall, 95)


def _listed(here: Inside, state: ItemState, discipline: Discipline, *, quick: bool) -> Times:
    browser = here.browser("technician")

    def look() -> None:
        answer = browser.get(f"/reception/items?state={state}&discipline={discipline}")
        assert answer.status_code == 200
        assert answer.text.count(filling.PRIOR) >= 50, "the list is not full"

    return runs(look, FEW if quick else MANY, warm=5)
