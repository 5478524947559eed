"""Facts are for ever: every shape ever written still loads, and none is missing."""

import json
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

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


CODES = {
    "act": "a closed list",
    "answer": "a closed list",
    "area": "a code of the settings",
    "certificate": "the number of a standard's own certificate",
    "checker": "a login",
    "code": "of the catalogue, the equipment or an indicator",
    "discipline": "a closed list",
    "field": "a closed list",
    "fields": "names of columns",
    "holder": "a login",
    "indicator": "a code",
    "kind": "a closed list",
    "login": "what `by` holds; a person's name stands on the account",
    "measure": "a closed list",
    "month": "2026-01",
    "number": "of a series",
    "parameter": "a name of the settings",
    "roles": "a closed list",
    "series": "of a book or of invoices",
    "sha256": "a hash",
    "source": "where the law or the decision is written",
    "sticker": "a number",
    "template": "a name",
    "type_code": "of the catalogue",
    "valid_from": "a day",
    "valid_to": "a day",
    "value": "of a parameter of the law or of the centre itself",
    "vat_rate": "a decimal",
    "what": "which table or column",
}
"""Fields of facts that are text and name nobody, each with what stands in it."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_fact_holds_no_name_no_address_and_no_free_text(kind):
    """What people say or are called stands in `private_value`, where it can be erased."""
    hints = get_type_hints(kind, include_extras=True)
    texts = {field.name for field in fields(kind) if hints[field.name] in (str, str | None)}

    assert texts <= set(CODES), "make it Private, or say here which codes it holds"
