"""Taking in: forty, five hundred and a thousand items in one POST."""

from collections.abc import Iterator
from itertools import count
from uuid import uuid4

from tests import centre
from tests.benchmarks import inside
from tests.benchmarks.inside import Inside
from tests.benchmarks.measure import Figure, Times, runs
from tests.deployments import Place

BARS = {40: 40.0, 500: 250.0}
GROWTH = 2.4
"""How much longer than half of them all may take."""

FEW, MANY, WARM = 5, 20, 2


def figures(place: Place, *, quick: bool) -> Iterator[Figure]:
    """Measure a machine's POST, and the form's for the usual forty."""
    names = count()
    repeat = FEW if quick else MANY
    with inside.opened(place) as here:
        browser = here.app.test_client(use_cookies=False)  # else unread notices heap up in it
        head = {"Cookie": here.cookie("reception")}

        def typed() -> None:
            listed = "\n".join(centre.serials(f"F{next(names)}-", 40))
            answer = browser.post("/reception/orders/new", data=_form(here, listed), headers=head)
            assert answer.status_code == 303, answer.text[:2000]

        yield runs(typed, 2 * repeat).figure("intake of 40 items, the form", BARS[40])
        taken = {40: Times([], []), 500: Times([], []), 1000: Times([], [])}
        for rank in range(repeat + WARM):  # one size after the other, whatever else is going on
            for size, times in taken.items():
                one = _taken(here, size, next(names))
                if rank >= WARM:
                    times.wall += one.wall
                    times.cpu += one.cpu
    for size, bar in BARS.items():
        yield taken[size].figure(f"intake of {size} items, the API", bar)
    half = taken[500].figure("", 1)
    whole = taken[1000].figure("", 1)
    assert half.cpu
    assert whole.cpu
    told = f"{whole.wall:.0f} : {half.wall:.0f} ms"
    yield Figure(
        "intake of 1,000 : 500", GROWTH, "×", whole.wall / half.wall, whole.cpu / half.cpu, told
    )


def _taken(here: Inside, size: int, name: int) -> Times:
    body = inside.order(here.centre, f"I{name}-", size)
    return runs(lambda: here.post("/orders", body, "reception"), 1, warm=0)


def _form(here: Inside, serials: str) -> dict[str, str]:
    return {
        "_key": str(uuid4()),
        "requester_id": str(here.centre.board),
        "place": "site",
        "certificate_mode": "list",
        "blocks.0.service_id": str(here.centre.service),
        "blocks.0.serials": serials,
        "blocks.0.user_name": "Hộ kinh doanh 1",
    }
