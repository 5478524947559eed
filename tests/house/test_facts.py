"""Facts are for ever: every shape ever written still loads, and none is missing."""

import json
import tempfile
from pathlib import Path

import pytest

from lims import generated_docs
from lims.app import create_app
from lims.config import ROOT, Settings
from lims.eventlog import events, projections
from tests.golden.__main__ import is_told, ours, sample, shapes
from workers import reactions
from workers.handler import HANDLERS

KINDS = sorted(ours(), key=lambda kind: kind.name)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_shape_a_fact_ever_had_still_loads(kind):
    assert is_told(kind), "run `python -m tests.golden` and commit the new shape"
    for path in shapes(kind):
        said = json.loads(path.read_text(encoding="utf-8"))
        fact = events.load(kind.name, json.dumps(said))
        assert isinstance(fact, kind)
        written = json.loads(events.dump(fact))
        assert {name: written[name] for name in said} == said


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_fact_is_read_back_as_it_was_written(kind):
    fact = sample(kind)

    assert events.load(kind.name, events.dump(fact)) == fact
    assert kind.__doc__


def test_the_documents_made_from_the_code_do_not_lag():
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/none.db"
        app = create_app(Settings(data_dir=Path(folder), database_url=url, secret_key="x" * 30))

    assert generated_docs.write(ROOT / "docs", app, check=True) == [], "run `make docs`"


def test_every_handler_ever_named_is_still_there():
    """What is owed to a name that is gone would never be done."""
    named = json.loads((ROOT / "tests/golden/handlers.json").read_text(encoding="utf-8"))

    assert sorted(HANDLERS) == named, "a new handler goes into the list, for ever"


def test_a_fact_that_claims_to_count_and_does_not_stops_the_workers():
    assert sum(kind.counted for kind in KINDS) == len(
        set().union(*(one.facts for one in reactions.PROJECTIONS))
    )

    with pytest.raises(TypeError, match=r"disagree about .*reception\.item_received"):
        projections.require_counted(reactions.PROJECTIONS[1:], KINDS)
