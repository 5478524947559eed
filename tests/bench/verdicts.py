"""Forty verdicts from the sheet to the signature, without the printing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.kernel import db
from lims.reception import queries
from tests import centre
from tests.bench import inside
from tests.bench.inside import Inside
from tests.bench.measure import Figure, Times, runs
from tests.deployments import Place

T = TypeVar("T")

BAR = 40.0
FEW, MANY = 5, 25
ACTS = ("record", "submit", "check", "sign")


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure each act on a fresh order of forty: 38 pass, 2 fail."""
    names = count()
    times = {act: Times([], []) for act in ACTS}
    with inside.opened(place) as here:
        for rank in range((FEW if quick else MANY) + 3):
            taken = _journey(here, f"V{next(names)}-")
            if rank >= 3:
                for act, one in taken.items():
                    times[act].wall += one.wall
                    times[act].cpu += one.cpu
    for act in ACTS:
        yield times[act].figure(f"{act} 40 verdicts", BAR)


def _journey(here: Inside, prefix: str) -> dict[str, Times]:
    made = here.centre
    order = _committed(lambda s: centre.receive(s, made, centre.brought(made, prefix, 40)))
    items = [item.id for item in _committed(lambda s: queries.items_of(s, order.id))]
    times = {"record": _timed(lambda s: centre.record(s, made, order.id, items, failed=2))}
    results = _committed(lambda s: _results(s, items))
    times["submit"] = _timed(lambda s: centre.submit(s, made, results))
    times["check"] = _timed(lambda s: centre.check(s, made, results))
    times["sign"] = _timed(lambda s: centre.sign(s, made, results))
    return times


def _timed(act: Callable[[Session], object]) -> Times:
    return runs(lambda: _committed(act), 1, warm=0)


def _committed(act: Callable[[Session], T]) -> T:
    with db.transaction() as session:
        return act(session)


def _results(session: Session, items: Sequence[UUID]) -> list[UUID]:
    return list(session.scalars(select(Result.id).where(Result.item_id.in_(items))))
