"""Forty verdicts from the sheet to the signature, without the printing."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from lims.kernel import clock
from tests import centre
from tests.benchmarks import inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure, Times, runs
from tests.deployments import Place

BAR = 40.0
FEW, MANY, WARM = 5, 25, 3
FAILED = 2
ACTS = {
    "submit": ("/results/submit", "technician"),
    "check": ("/results/check", "checker"),
    "sign": ("/certificates/sign", "signatory"),
}


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure each POST on a fresh order of forty: 38 pass, 2 fail."""
    names = count()
    times = {act: Times([], []) for act in ("record", *ACTS)}
    with inside.opened(place) as here:
        for rank in range(WARM + (FEW if quick else MANY)):
            taken = _journey(here, f"V{next(names)}-")
            if rank >= WARM:
                for act, one in taken.items():
                    times[act].wall += one.wall
                    times[act].cpu += one.cpu
    for act, one in times.items():
        yield one.figure(f"{act} 40 verdicts, the API", BAR)


def _journey(here: Inside, prefix: str) -> dict[str, Times]:
    taken = here.post("/orders", inside.order(here.centre, prefix, 40), "reception").json
    assert taken
    rows = [_row(here, item["id"]) for item in taken["items"]]
    for row in rows[-FAILED:]:
        row |= {"outcome": "fail", "reason": "Vượt sai số cho phép"}
    times = {}
    ids: list[str] = []

    def record() -> None:
        recorded = here.post("/results", rows, "technician").json
        ids.extend(one["id"] for one in recorded["items"])  # type: ignore[index]

    times["record"] = _timed(record)
    for act, (path, by) in ACTS.items():
        times[act] = _timed(lambda path=path, by=by: here.post(path, {"ids": ids}, by))
    return times


def _timed(act: Callable[[], object]) -> Times:
    return runs(act, 1, warm=0)


def _row(here: Inside, item: str) -> dict[str, Any]:
    return {
        "item_id": item,
        "method": here.centre.method_code,
        "standards": [here.centre.standard_code],
        "environment": centre.ENVIRONMENT,
        "performed_on": clock.today().isoformat(),
        "outcome": "pass",
    }
