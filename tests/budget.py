"""A feature has ten seconds in `make test`, a test one: what is dearer is `slow` or made cheaper.

Counted in seconds of the processor. A loaded machine makes even these up to twice as long, and a
test that takes another one's fault upon itself is worth nothing: refused is what takes thrice.
"""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

OF_A_FEATURE = 30.0
OF_A_TEST = 5.0
OF_A_WALK = 50.0
WALKS = {"test_access", "test_api_contract", "test_bad_input"}
"""They go over every route, and so belong to no feature."""

spent: Counter[str] = Counter()
dear: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    begun = time.process_time()
    yield
    item.user_properties.append(("cpu", time.process_time() - begun))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds = dict(report.user_properties).get("cpu") if report.when == "call" else None
    if seconds is None:
        return
    module = Path(report.nodeid.partition("::")[0]).stem
    spent[module] += seconds
    if seconds > OF_A_TEST and module not in WALKS:
        dear.append(f"{report.nodeid}: {seconds:.1f} s")


def over_budget() -> list[str]:
    return dear + [
        f"{module}: {seconds:.1f} s"
        for module, seconds in spent.items()
        if seconds > (OF_A_WALK if module in WALKS else OF_A_FEATURE)
    ]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    measured = not session.config.getoption("--full") and not hasattr(session.config, "workerinput")
    if measured and over_budget():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if over_budget() and not terminalreporter.config.getoption("--full"):
        terminalreporter.section("over the budget of processor time (tests/budget.py)")
        terminalreporter.write_line("\n".join(over_budget()))
