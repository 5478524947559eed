"""The demonstration centre: every role finds work, and the figures are the same for a seed."""

import pytest
from sqlalchemy import func, select

from lims.app import create_app
from lims.billing.contract_money.projection import MONEY
from lims.billing.models import MoneyCell
from lims.config import Settings
from lims.demo import centre
from lims.demo.people import PEOPLE
from lims.documents.content import texts
from lims.documents.store import Document
from lims.eventlog import chain, projections
from lims.identity.models import User
from lims.kernel import clock, db
from lims.kernel.db import reading
from lims.kernel.errors import WrongState
from lims.reception.models import Item
from lims.tallies.fold import COUNTS
from lims.tallies.models import CountCell
from lims.vocabulary import ItemState
from tests import deployments
from tests.deployments import EMBEDDED, SCALED


def filled(folder, kind):
    """Fill a database of its own and say its figures."""
    with deployments.placed(folder, kind, name="demo") as place:
        made = place.lims("demo", "--items", "30", "--year", "2025", "--seed", "11")
        assert made.returncode == 0, made.stderr
        look_at_every_home(place.database_url, folder)
        with pytest.raises(WrongState, match="in use"):
            centre.fill(year=2025, items=30, seed=7, echo=print)
        with reading() as session:
            assert isinstance(chain.verify(session), int)
            assert [projections.differences(session, one) for one in (COUNTS, MONEY)] == [[], []]
            figures = (
                sorted(session.execute(counts()).all()),
                sorted(session.execute(money()).all()),
            )
            states = set(session.scalars(select(Item.state).distinct()))
            bare = Item.type_id.is_not(None) & ((Item.manufacturer == "") | Item.year.is_(None))
            assert session.scalars(select(Item.code).where(bare)).all() == []
            certificates = select(Document).where(Document.kind == "certificate")
            for document in session.scalars(certificates):
                assert "–" not in texts_of(document.content()), document.number
        db.disconnect()
    return figures, states


def texts_of(content):
    return [text for _, text in texts(content)]


def counts():
    keys = (CountCell.measure, CountCell.discipline, CountCell.field)
    return select(*keys, func.sum(CountCell.amount)).group_by(*keys)


def money():
    return select(MoneyCell.measure, func.sum(MoneyCell.amount)).group_by(MoneyCell.measure)


def look_at_every_home(url, folder):
    app = create_app(Settings(data_dir=folder, database_url=url, secret_key="x" * 40))
    for one in PEOPLE:
        with reading() as session:
            user = session.scalars(select(User).where(User.login == one.login)).one()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["user"], cookie["epoch"] = str(user.id), user.epoch
        page = client.get("/")
        assert page.status_code == 200
        assert 'class="card panel' in page.text, f"{one.login} finds no work"


@pytest.mark.slow
@pytest.mark.xdist_group("processes")
def test_the_demonstration_is_the_same_for_a_seed_on_both_databases(tmp_path):
    with clock.at(clock.datetime.now(clock.UTC)):
        first, states = filled(tmp_path / "first", EMBEDDED)
        assert states == set(ItemState)
        again = SCALED if deployments.lacking(SCALED) is None else EMBEDDED
        second, _ = filled(tmp_path / "second", again)

    assert first == second
