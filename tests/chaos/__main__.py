"""`make chaos`: clerks at work while processes are killed; then everything must be true.

`python -m tests.chaos --kills 50 --deployment embedded` starts the real processes, kills -9 web,
sequencer and workers at random moments, empties Redis in between, lets the centre settle, and
ends with 1 when anything was lost or done twice.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import click

from lims.kernel import db
from tests import centre, deployments, settled
from tests.chaos import judge
from tests.chaos.clerks import CLERKS, Clerk, Done, together
from tests.chaos.client import Line
from tests.chaos.killer import Killer, Manager
from tests.deployments import EMBEDDED, SCALED, Running, until

SETTLE = 300.0
KILLS, SEED = 50, 2017


def main() -> None:
    """Try the deployments that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--deployment", choices=[EMBEDDED, SCALED], help="only this one")
    asked = parser.parse_args()
    sound = True
    for kind in [asked.deployment] if asked.deployment else [EMBEDDED, SCALED]:
        missing = deployments.lacking(kind)
        if missing:
            click.echo(f"{kind}: left out, {missing}")
            sound = sound and asked.deployment is None
        else:
            sound = _tried(kind, asked.kills, asked.seed) and sound
    sys.exit(0 if sound else 1)


def _tried(kind: str, kills: int, seed: int) -> bool:
    """Let one deployment suffer; tell whether everything held."""
    click.echo(f"{kind}: {kills} kills, seed {seed}")
    with (
        tempfile.TemporaryDirectory(prefix="lims-chaos-") as folder,
        deployments.placed(Path(folder), kind, name="chaos") as place,
    ):
        db.connect(place.database_url)
        try:
            faults = _suffer(Running(place, kind), kills, seed)
        finally:
            db.disconnect()
    for fault in faults:
        click.echo(f"  VIOLATED {fault}")
    click.echo(f"{kind}: {'everything holds' if not faults else f'{len(faults)} violations'}")
    return not faults


def _suffer(running: Running, kills: int, seed: int) -> list[str]:
    with db.transaction() as session:
        line = Line(running.place.port, centre.found(session))
    stopping = threading.Event()
    clerks = [Clerk(line, rank, seed, stopping) for rank in range(CLERKS)]
    killer = Killer(running, seed, click.echo)
    begun = time.monotonic()
    try:
        running.start()
        running.wait_until_ready()
        with Manager(running):
            for clerk in clerks:
                clerk.thread.start()
            killer.kill(kills)
            killed = time.monotonic()
            late = _settled(clerks, stopping)
        done = together(clerks)
        _report(line, killer, done, killed - begun, time.monotonic() - killed)
        trouble = [*line.refused, *(said for clerk in clerks for said in clerk.trouble)]
        faults = [*late, *trouble, *judge.faults(running.place, done)]
        if faults:
            _logs(running)
        return faults
    finally:
        stopping.set()
        running.end()


def _settled(clerks: list[Clerk], stopping: threading.Event) -> list[str]:
    """Let the clerks finish what they began, and the centre catch up."""
    stopping.set()
    end = time.monotonic() + SETTLE
    for clerk in clerks:
        clerk.thread.join(max(0.0, end - time.monotonic()))
    try:
        until(settled.handled, "the workers", seconds=max(0.0, end - time.monotonic()))
    except TimeoutError as late:
        return [f"not settled in {SETTLE:.0f} s: {late}"]
    return []


def _report(line: Line, killer: Killer, done: Done, load: float, settle: float) -> None:
    told = ", ".join(f"{name} {count}" for name, count in sorted(killer.killed.items()))
    click.echo(f"  killed: {told}; Redis emptied {killer.emptied} times; load of {load:.0f} s")
    seen = ", ".join(f"{what} {count}" for what, count in sorted(line.seen.items()))
    click.echo(f"  requests: {seen}")
    click.echo(
        f"  {done.orders} orders, {len(done.outcomes)} results signed, "
        f"{len(done.withdrawn)} taken back, {len(done.invoiced)} invoiced; "
        f"settled after {settle:.0f} s"
    )


def _logs(running: Running) -> None:
    """Keep what the processes wrote where it can be read after the folder is gone."""
    kept = Path(tempfile.mkdtemp(prefix="lims-chaos-logs-"))
    for log in running.place.folder.glob("*.log"):
        (kept / log.name).write_bytes(log.read_bytes())
    click.echo(f"  the logs of the processes are kept in {kept}")


if __name__ == "__main__":
    main()
