import pytest

from lims.eventlog import log
from lims.kernel.db import transaction
from lims.reception.events import ItemReceived
from lims.tallies import service
from lims.tallies.fold import COUNTS
from lims.vocabulary import Discipline, Field, Measure, Role
from tests import factories
from tests.factories import TODAY
from tests.http.forms import edit, form_of
from workers import sequencing


@pytest.fixture
def counted(database):
    """Three instruments came in, and the year has a plan."""
    with transaction() as session:
        item = factories.item(session, area="rach-gia")
        for _ in range(3):
            fact = ItemReceived(
                item_id=item.id,
                order_id=item.order_id,
                contract_id=None,
                instrument_id=None,
                discipline=Discipline.VERIFICATION,
                field=Field.MASS,
                area="rach-gia",
                units=1,
                on=TODAY,
            )
            log.append(session, fact, by="lan")
        service.set_plan(
            session, 2026, {(Measure.INSTRUMENTS, Discipline.VERIFICATION): 22_000}, by="giamdoc"
        )
    sequencing.run_round(lambda *_: None)
    while sequencing.follow(COUNTS):
        pass
    return item


def test_the_director_sees_the_month_against_the_plan(counted, signed_in):
    page = signed_in(Role.DIRECTOR).get("/tallies?month=2026-03")

    assert page.status_code == 200
    assert "22.000" in page.text
    assert "measure=received" in page.text


def test_each_number_opens_the_facts_behind_it(counted, signed_in):
    page = signed_in(Role.DIRECTOR).get(
        "/tallies/facts?month=2026-03&measure=received&discipline=verification&field=mass"
    )

    assert page.text.count(counted.code) == 3


def test_a_number_of_no_facts_says_so(counted, signed_in):
    page = signed_in(Role.DIRECTOR).get("/tallies/facts?month=2025-03&measure=received&after=x")

    assert "không có sự kiện" in page.text


def test_only_the_director_plans(counted, signed_in):
    assert signed_in(Role.ACCOUNTANT).post("/tallies/plan/2026", data={}).status_code == 403


def test_a_plan_is_entered_whole_or_comes_back_with_what_is_missing(counted, signed_in):
    director = signed_in(Role.DIRECTOR)

    page = edit(director, "/tallies/plan/2027", {"instruments.verification": "22.500"})

    assert page.status_code == 422
    assert 'value="22.500"' in page.text
    assert page.text.count("Hãy nhập mục này") > 1


def test_a_plan_is_saved_and_shown(counted, signed_in):
    director = signed_in(Role.DIRECTOR)
    said = {f"{measure}.{discipline}": "7" for measure, discipline in service.PLANNED}

    answer = edit(director, "/tallies/plan/2027", said | {"_key": factories.key()})

    assert answer.status_code == 303
    assert form_of(director.get(answer.location)).to_dict().items() >= said.items()


def test_machines_sum_by_the_dimensions_they_ask_for(counted, signed_in):
    answer = signed_in(Role.DIRECTOR).get(
        "/api/v1/tallies?from=2026-01-01&to=2026-12-31&by=month,discipline,measure"
    )

    assert answer.json["items"] == [
        {"month": 3, "discipline": "verification", "measure": "received", "amount": 3}
    ]


def test_machines_that_sum_by_something_else_are_told_what_there_is(counted, signed_in):
    answer = signed_in(Role.DIRECTOR).get("/api/v1/tallies?from=2026-01-01&to=2026-12-31&by=colour")

    assert answer.status_code == 422
    assert "discipline" in answer.json["detail"]


def test_machines_put_a_plan(counted, signed_in):
    body = {"items": [{"measure": "samples", "discipline": "testing", "quantity": 47}]}

    answer = signed_in(Role.DIRECTOR).put("/api/v1/plans/2026", json=body)

    assert answer.status_code == 200
    assert {"measure": "samples", "discipline": "testing", "quantity": 47} in answer.json["items"]


def test_the_feed_gives_facts_in_the_order_of_the_log(counted, signed_in):
    inspector = signed_in(Role.INSPECTOR)

    first = inspector.get("/api/v1/facts?limit=2")
    rest = inspector.get("/api/v1/facts?after=2")

    assert first.content_type == "application/cloudevents-batch+json"
    assert [one["sequence"][-1] for one in first.json] == ["1", "2"]
    assert first.json[0]["type"] == "reception.item_received"
    assert rest.json[0]["sequence"][-1] == "3"


def test_figures_for_a_watcher_are_for_this_machine(counted, client):
    assert "lims_log_position 4" in client.get("/metrics").text
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 403
    assert client.get("/readyz").json == {"status": "ready", "position": 4}
