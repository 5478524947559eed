"""What the operator types."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from lims import deployment, doctor, generated_docs, launcher, migrating
from lims.app import create_app
from lims.billing.contract_money.projection import MONEY
from lims.config import Settings
from lims.demo import centre as demonstration
from lims.eventlog import chain, deliveries, projections, seal
from lims.eventlog.chain import Fault
from lims.eventlog.log import Entry, Head
from lims.kernel import db
from lims.kernel.errors import LabError
from lims.kernel.words import say
from lims.tallies.fold import COUNTS
from lims.user_commands import user
from lims.web.feed import cloud_event

PROJECTIONS = (COUNTS, MONEY)
ANSWERS = "LIMS answers at http://{}:{}"


class Refusing(click.Group):
    """Turns a refusal into a sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except LabError as refusal:
            click.echo(say(refusal.message, "en", **refusal.values), err=True)
            sys.exit(1)


@click.group(cls=Refusing)
@click.pass_context
def lims(context: click.Context) -> None:
    """Look after the laboratory."""
    settings = Settings.from_env()
    deployment.begin(settings)
    context.obj = settings


@lims.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_obj
def serve(settings: Settings, host: str, port: int) -> None:
    """Run web and worker of the embedded deployment under one parent."""
    migrating.upgrade(settings.database_url)
    app = create_app(settings)
    app.config["DEMO_LOGINS"] = demonstration.logins() if settings.demo else ()
    launcher.serve(app, _listen(host, port), lambda: click.echo(ANSWERS.format(host, port)))


@lims.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=2, show_default=True, type=click.IntRange(min=1))
@click.pass_obj
def web(settings: Settings, host: str, port: int, processes: int) -> None:
    """Run the web alone, scaled out: workers and sequencer are programs of their own."""
    app = create_app(settings)
    launcher.serve_web(
        app, _listen(host, port), processes, lambda: click.echo(ANSWERS.format(host, port))
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        return launcher.listen(host, port)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port} ({os.strerror(error.errno or 0)}). "
            "Stop what runs there, or choose another with --port."
        ) from error


@lims.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to the newest revision."""
    migrating.upgrade(settings.database_url)
    click.echo("The database is at the newest revision.")


@lims.command()
@click.option("--year", default=None, type=int, help="The year to fill; this year when left out.")
@click.option("--items", default=400, show_default=True, help="About how many items.")
@click.option("--seed", default=2017, show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds people.")
def demo(year: int | None, items: int, seed: int, *, if_empty: bool) -> None:
    """Fill an empty database with a demonstration centre."""
    if not (if_empty and demonstration.is_in_use()):
        demonstration.fill(year=year, items=items, seed=seed, echo=click.echo)
    if demonstration.is_filled():
        click.echo("Sign in to the demonstration as:")
        for login, role, password in demonstration.logins():
            click.echo(f"  {role:<12} {login:<12} {password}")


@lims.group()
def log() -> None:
    """Look after the fact log."""


@log.command("verify")
@click.pass_obj
def verify(settings: Settings) -> None:
    """Walk the chain and the seals; name the first position that does not hold, and exit 1."""
    with db.snapshot() as session:
        outcome = chain.verify(session)
        faults = [outcome] if isinstance(outcome, Fault) else []
        faults += seal.faults(session, settings.seal_dir)
    for fault in faults:
        click.echo(f"position {fault.position}: {fault.why}", err=True)
    if faults:
        sys.exit(1)
    click.echo(f"{outcome} facts, the chain holds.")


@log.command("export")
@click.option("--after", default=0, show_default=True)
@click.option("--format", "shape", type=click.Choice(["cloudevents"]), default="cloudevents")
def export(after: int, shape: str) -> None:
    """Write the facts after a position, one line of JSON each."""
    del shape
    with db.reading() as session:
        epoch = session.scalar(select(Head.epoch)) or 1
    for entry in _after(after):
        click.echo(json.dumps(cloud_event(entry, epoch), ensure_ascii=False))


def _after(position: int) -> Iterator[Entry]:
    while True:
        with db.reading() as session:
            query = select(Entry).where(Entry.position > position).order_by(Entry.position)
            page = session.scalars(query.limit(chain.BATCH)).all()
        if not page:
            return
        yield from page
        position = page[-1].position


@log.command("seal")
@click.pass_obj
def seal_log(settings: Settings) -> None:
    """Sign the head of the log now."""
    with db.reading() as reader:
        made = seal.prepare(reader, seal.key(settings.data_dir))
    if made is None:
        click.echo("Nothing new to seal.")
        return
    if settings.seal_dir is not None:
        seal.copy_out(made, settings.seal_dir)
    with db.transaction() as session:
        session.add(made)
    click.echo(f"Sealed at position {made.position}.")


@lims.group()
def tally() -> None:
    """Look after the projections."""


@tally.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; exit 1 on any difference.")
def rebuild(*, check: bool) -> None:
    """Read the log again and make the projections anew."""
    if check:
        with db.snapshot() as session:
            differences = [
                d
                for projection in PROJECTIONS
                for d in projections.differences(session, projection)
            ]
        for difference in differences:
            click.echo(difference, err=True)
        click.echo(f"{len(differences)} differences.")
        sys.exit(1 if differences else 0)
    for projection in PROJECTIONS:
        with db.transaction() as session:
            read = projections.rebuild(session, projection)
        click.echo(f"{projection.name}: {read} facts read again.")


@lims.command("deliveries")
@click.option("--failed", is_flag=True, help="Only what failed its last try.")
@click.option("--retry", is_flag=True, help="Owe again what had failed.")
def owed(*, failed: bool, retry: bool) -> None:
    """Show what the workers still owe."""
    if retry:
        with db.transaction() as session:
            click.echo(f"{deliveries.retry(session)} are owed again.")
        return
    with db.reading() as session:
        for state in ("failed",) if failed else ("failed", "owed"):
            for delivery, entry in deliveries.listed(session, state):
                line = f"{delivery.position:>8} {delivery.handler:<32} {entry.name:<32} {state}"
                click.echo(f"{line} {delivery.error or ''}".rstrip())


@lims.command("doctor")
@click.pass_obj
def examine(settings: Settings) -> None:
    """Examine the deployment; exit 1 with a remedy for each fault."""
    faults = 0
    for finding in doctor.examine(settings):
        click.echo(f"{'ok   ' if finding.well else 'FAULT'} {finding.subject}: {finding.sentence}")
        faults += not finding.well
    sys.exit(1 if faults else 0)


@lims.command()
@click.option("--check", is_flag=True, help="Only compare; exit 1 when a document lags.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("docs"))
@click.pass_obj
def docs(settings: Settings, folder: Path, *, check: bool) -> None:
    """Write the documents that are made from the code."""
    lagging = generated_docs.write(folder, create_app(settings), check=check)
    for name in lagging:
        click.echo(f"{name} {'lags: run make docs' if check else 'written'}")
    sys.exit(1 if check and lagging else 0)


lims.add_command(user)
