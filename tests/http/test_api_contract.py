"""The API does what its description says, and never answers bad input with an error of ours."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from lims.identity import service as identity
from lims.kernel.db import transaction
from lims.vocabulary import Role
from tests import factories

CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)

EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def everybody(database):
    """A machine in the name of somebody with every role, and something of everything."""
    with transaction() as session:
        factories.result(session)
        factories.contract(session)
        factories.book(session, factories.technician(session))
        who = factories.user(session, *Role, login="everybody")
        token = identity.make_token(session, who.id, label="test", by="admin")
    return {"Authorization": f"Bearer {token}"}


def faults_of(operation, headers):
    """Ask an operation good and bad things; say what was answered against the description."""

    @EXAMPLES
    @given(case=operation.as_strategy())
    def ask(case):
        key = {"Idempotency-Key": factories.key()}
        answer = case.call(headers=headers | key)
        assert answer.status_code != 401
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    except (FailureGroup, AssertionError) as fault:
        return str(fault)[:2_000]
    return None


def test_every_call_keeps_to_the_description(app, everybody):
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)

    faults = {
        operation.ok().label: fault
        for operation in described.get_all_operations()
        if (fault := faults_of(operation.ok(), everybody)) is not None
    }

    assert not faults, "\n\n".join(f"{label}\n{fault}" for label, fault in faults.items())
