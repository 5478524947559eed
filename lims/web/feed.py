"""The feed of facts for machines; figures for a watcher; whether we are ready."""

import hmac
import json
from typing import Any, TypedDict

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema, fields
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lims.config import Settings
from lims.eventlog import deliveries
from lims.eventlog.log import Entry, Head
from lims.kernel.errors import Forbidden
from lims.settings import centre
from lims.vocabulary import Role
from lims.web.access import allow, public
from lims.web.api import answer, blueprint
from lims.web.commands import query
from schemas.fields import whole

pages = Blueprint("feed", __name__)
api = blueprint("feed", "The feed of facts")

LOOPBACK = {"127.0.0.1", "::1"}


class FeedArgs(Schema):
    """After which position, and how many."""

    class Meta:
        """Let other words of the address pass."""

        unknown = EXCLUDE

    after = whole(0, 2**62, load_default=0)
    limit = whole(1, 1_000, load_default=100)


class CloudEvent(Schema):
    """One fact (CloudEvents 1.0)."""

    specversion = fields.String()
    id = fields.UUID()
    source = fields.String()
    type = fields.String()
    subject = fields.UUID()
    time = fields.DateTime()
    datacontenttype = fields.String()
    sequence = fields.String()
    epoch = fields.Integer()
    actor = fields.String()
    hash = fields.String()
    data = fields.Dict()


def install(app: Flask) -> None:
    """Put the figures on the application."""
    app.register_blueprint(pages)


class FactEvent(TypedDict):
    """A fact as CloudEvents 1.0 writes it."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    sequence: str
    epoch: int
    actor: str
    hash: str
    data: object


def cloud_event(row: Row[Any] | Entry, epoch: int) -> FactEvent:
    """Write a fact as CloudEvents says."""
    return FactEvent(
        specversion="1.0",
        id=str(row.id),
        source=centre.page_url("/api/v1/facts"),
        type=row.name,
        subject=str(row.subject),
        time=row.at.isoformat(),
        datacontenttype="application/json",
        sequence=f"{row.position:020}",
        epoch=epoch,
        actor=row.by,
        hash=row.hash,
        data=json.loads(row.payload),
    )


@api.route("/facts", methods=["GET"])
@allow(Role.ADMIN, Role.INSPECTOR, Role.QUALITY)
@api.arguments(FeedArgs, location="query")
@api.response(200, CloudEvent(many=True), content_type="application/cloudevents-batch+json")
@query
def facts(session: Session, args: dict[str, int]) -> ResponseReturnValue:
    """Return facts in the order of the log, after a position."""
    epoch = session.scalar(select(Head.epoch)) or 1
    rows = session.execute(
        select(*Entry.__table__.columns)
        .where(Entry.position > args["after"])
        .order_by(Entry.position)
        .limit(args["limit"])
    )
    made: Response = answer([cloud_event(row, epoch) for row in rows])
    made.headers["Content-Type"] = "application/cloudevents-batch+json"
    return made


@pages.get("/readyz")
@public
@query
def readyz(session: Session) -> ResponseReturnValue:
    """Tell that the database answers and has a log."""
    return {"status": "ready", "position": session.scalar(select(Head.position))}


@pages.get("/metrics")
@public
@query
def metrics(session: Session) -> ResponseReturnValue:
    """Give the figures a watcher needs, to this machine or to whoever has the token."""
    settings: Settings = current_app.config["SETTINGS"]
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    has_token = settings.metrics_token is not None and hmac.compare_digest(
        token.encode(), settings.metrics_token.encode()
    )
    if not has_token and request.remote_addr not in LOOPBACK:
        raise Forbidden("The figures are for this machine, or for whoever has the token.")
    lines = [f"lims_log_position {session.scalar(select(Head.position))}"]
    lines += [
        f'lims_deliveries{{handler="{handler}",state="{state}"}} {count}'
        for (handler, state), count in sorted(deliveries.counted(session).items())
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
