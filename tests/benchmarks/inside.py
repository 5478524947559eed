"""The centre's own application in this process: the web without its server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lims.app import create_app
from lims.config import Settings
from lims.kernel import db, memory
from tests import centre
from tests.centre import Centre, Hand
from tests.deployments import Place


@dataclass
class Inside:
    """The application, what a client knows of its centre, and a way to ask."""

    app: Flask
    centre: Centre

    def post(self, path: str, body: Any, by: str) -> TestResponse:
        """Ask as a machine does, in somebody's name; anything but success is an error."""
        head = {
            "Authorization": f"Bearer {self.centre.hands[by].token}",
            "Idempotency-Key": str(uuid4()),
        }
        answer = self.app.test_client().post(f"/api/v1{path}", json=body, headers=head)
        if answer.status_code >= 300:
            raise AssertionError(f"{path}: {answer.status} {answer.text[:500]}")
        return answer

    def browser(self, by: str) -> FlaskClient:
        """Open a browser in which somebody is signed in."""
        client = self.app.test_client()
        hand: Hand = self.centre.hands[by]
        with client.session_transaction() as cookie:
            cookie["user"], cookie["epoch"] = str(hand.id), hand.epoch
        return client

    def cookie(self, by: str) -> str:
        """Return the cookie of somebody signed in, as the login page would have set it."""
        cookie = self.browser(by).get_cookie("session")
        assert cookie
        return f"session={cookie.value}"


@contextmanager
def opened(place: Place) -> Iterator[Inside]:
    """Make the centre in a new database and open it."""
    app = create_app(
        Settings(data_dir=place.folder, database_url=place.database_url, secret_key="x" * 40)
    )
    with db.transaction() as session:
        made = centre.found(session)
    memory.freeze()
    yield Inside(app, made)
    db.disconnect()


def order(made: Centre, prefix: str, count: int) -> dict[str, Any]:
    """Say what a machine sends to have scales taken in."""
    return {
        "requester_id": str(made.board),
        "place": "site",
        "certificate": "list",
        "items": [
            {
                "service": made.service_code,
                "serial": serial,
                "user_name": f"Hộ kinh doanh {rank % 25 + 1}",
                "place_of_use": "Chợ Rạch Giá",
                "area": centre.AREA,
            }
            for rank, serial in enumerate(centre.serials(prefix, count))
        ],
    }
