"""How a figure is taken, and how it is told."""

import json
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LOADED = 0.7
"""A load per core from which the CPU figure decides, not the wall clock."""


@dataclass(frozen=True)
class Figure:
    """One thing that was measured, beside its bar."""

    what: str
    bar: float
    unit: str
    wall: float
    cpu: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return how much of the bar was used."""
        return self.wall / self.bar

    @property
    def verdict(self) -> str:
        """Say whether the bar is met; on a loaded machine CPU time may say so alone."""
        if self.wall <= self.bar:
            return "met"
        return (
            "met (CPU)" if self.cpu is not None and self.cpu <= self.bar and loaded() else "MISSED"
        )


@dataclass
class Times:
    """What a number of runs took, in milliseconds."""

    wall: list[float]
    cpu: list[float]

    def figure(self, what: str, bar: float, note: str = "") -> Figure:
        """Return their medians beside a bar."""
        walls, cpus = statistics.median(self.wall), statistics.median(self.cpu)
        return Figure(what, bar, "ms", walls, cpus, note or f"{len(self.wall)} runs")


def runs(act: Callable[[], object], count: int, *, warm: int = 3) -> Times:
    """Do something again and again; the first few do not count."""
    for _ in range(warm):
        act()
    times = Times([], [])
    for _ in range(count):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        times.wall.append((time.perf_counter() - wall) * 1000)
        times.cpu.append((time.process_time() - cpu) * 1000)
    return times


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that so many in a hundred stay under."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def loaded() -> bool:
    """Tell whether others keep the machine busy."""
    return os.getloadavg()[0] / (os.cpu_count() or 1) > LOADED


def machine() -> dict[str, Any]:
    """Name the machine, what it runs, and its load."""
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "processor": model[0] if model else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": [round(one, 2) for one in os.getloadavg()],
    }


def table(figures: Sequence[Figure]) -> str:
    """Lay the figures out, one line each."""
    head = ("what", "wall", "CPU", "bar", "ratio", "", "")
    rows = [head, *(_row(one) for one in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at in (0, 5, 6) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(one: Figure) -> tuple[str, ...]:
    cpu = "" if one.cpu is None else f"{one.cpu:.1f}"
    bar = f"{one.bar:g} {one.unit}".strip()
    return one.what, f"{one.wall:.1f}", cpu, bar, f"{one.ratio:.2f}", one.verdict, one.note


def written(path: Path, figures: Sequence[Figure], before: dict[str, Any]) -> None:
    """Write the figures for a machine to read."""
    told = [asdict(one) | {"ratio": one.ratio, "verdict": one.verdict} for one in figures]
    whole = {"machine": before, "load_after": list(os.getloadavg()), "figures": told}
    path.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
