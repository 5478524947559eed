"""The people of the centre at work: orders, verdicts, signatures, invoices, payments."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lims.kernel import clock
from tests import centre
from tests.chaos.client import GaveUpError, Line

CLERKS = 4
REST = 0.3, 1.2
"""Seconds between two orders of one clerk."""

PATIENCE = 240.0
INVOICED, WITHDRAWN = 0.25, 0.1
"""How many orders are invoiced and paid, and of how many a result is taken back."""

OUTCOMES = {"pass": 17, "fail": 2, "not_performed": 1}
REASONS = {"pass": "", "fail": "Vượt sai số cho phép", "not_performed": "Cân hỏng"}

ExpectedFact = tuple[str, str]
"""A fact that must stand in the log: its name and the id of its subject."""


@dataclass
class Done:
    """What was accepted, and what therefore must be true."""

    facts: Counter[ExpectedFact] = field(default_factory=Counter)
    outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The item and the outcome of each result that was signed."""

    withdrawn: set[str] = field(default_factory=set)
    invoiced: set[str] = field(default_factory=set)
    """The results whose charge is on an invoice."""

    orders: int = 0

    def expect(self, name: str, *subjects: str) -> None:
        """Expect a fact about each."""
        self.facts.update((name, subject) for subject in subjects)


class Clerk:
    """One person at a counter and their colleagues, order after order."""

    def __init__(self, line: Line, rank: int, seed: int, stopping: threading.Event) -> None:
        self.line, self.rank, self.stopping = line, rank, stopping
        self.chance = random.Random(seed * 1_000 + rank)  # noqa: S311 - the same load again
        self.done = Done()
        self.trouble: list[str] = []
        self.thread = threading.Thread(target=self._work, name=f"clerk {rank}")

    def _work(self) -> None:
        while not self.stopping.is_set():
            try:
                self._order(self.done.orders)
            except GaveUpError as trouble:
                self.trouble.append(f"clerk {self.rank}: {trouble}")
                return
            self.stopping.wait(self.chance.uniform(*REST))

    def _post(self, path: str, body: Any, by: str) -> Any:
        return self.line.post(path, body, by, self.chance)

    def _order(self, number: int) -> None:
        made = self.line.centre
        names = centre.serials(f"K{self.rank}-{number}-", self.chance.randint(1, 6))
        order = self._post("/orders", self._brought(names), "reception")
        self.done.orders += 1
        items = [item["id"] for item in order["items"]]
        self.done.expect("reception.order_received", order["id"])
        self.done.expect("reception.item_received", *items)
        results = self._verified(items)
        if self.chance.random() < INVOICED:
            self._billed(order["id"], results, str(made.board))
        if self.chance.random() < WITHDRAWN:
            self._withdrawn(self.chance.choice(results))

    def _brought(self, names: list[str]) -> dict[str, Any]:
        made = self.line.centre
        return {
            "requester_id": str(made.board),
            "place": "site",
            "certificate": self.chance.choice(["list", "each"]),
            "items": [
                {"service": made.service_code, "serial": name, "area": centre.AREA}
                for name in names
            ],
        }

    def _verified(self, items: list[str]) -> list[str]:
        """Take scales from the bench to the signature; return their results."""
        found = {item: self._outcome() for item in items}
        rows = [self._row(item, outcome) for item, outcome in found.items()]
        recorded = self._post("/results", rows, "technician")["items"]
        ids = [one["id"] for one in recorded]
        self.done.expect("bench.result_recorded", *ids)
        for act, by, name in STEPS:
            self._post(act, {"ids": ids}, by)
            self.done.expect(name, *ids)
        for one in recorded:
            self.done.outcomes[one["id"]] = (one["item_id"], found[one["item_id"]])
        return ids

    def _outcome(self) -> str:
        return self.chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]

    def _row(self, item: str, outcome: str) -> dict[str, Any]:
        made = self.line.centre
        return {
            "item_id": item,
            "method": made.method_code,
            "standards": [made.standard_code],
            "environment": centre.ENVIRONMENT,
            "performed_on": clock.today().isoformat(),
            "outcome": outcome,
            "reason": REASONS[outcome],
        }

    def _billed(self, order_id: str, results: list[str], buyer: str) -> None:
        """Invoice what the workers have charged, and take the money."""
        charged = [one for one in results if self.done.outcomes[one][1] != "not_performed"]
        if not charged:
            return
        path = f"/charges?order_id={order_id}&limit=100"
        self._until(lambda: self._count(path) == len(charged), "the charges")
        body = {"buyer_id": buyer, "order_id": order_id}
        invoice = self._post("/invoices", body, "accountant")
        issued = self._post(f"/invoices/{invoice['id']}/issue", {}, "accountant")
        money = {
            "invoice_id": issued["id"],
            "amount": issued["total"],
            "means": "cash",
            "received_on": clock.today().isoformat(),
        }
        payment = self._post("/payments", money, "accountant")
        self.done.expect("billing.invoice_drafted", issued["id"])
        self.done.expect("billing.invoice_issued", issued["id"])
        self.done.expect("billing.payment_received", payment["id"])
        self.done.invoiced |= set(charged)

    def _count(self, path: str) -> int:
        found = self.line.get(path, "accountant")
        return len(found["items"]) if found else -1

    def _withdrawn(self, result: str) -> None:
        self._post(f"/results/{result}/withdraw", {"reason": "Nhầm cân"}, "signatory")
        self.done.expect("bench.result_withdrawn", result)
        self.done.withdrawn.add(result)

    def _until(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise GaveUpError(f"waited {PATIENCE:.0f} s for {what}")
            time.sleep(0.3)


STEPS = (
    ("/results/submit", "technician", "bench.result_submitted"),
    ("/results/check", "checker", "bench.result_checked"),
    ("/certificates/sign", "signatory", "bench.result_authorised"),
)
"""From the bench to the signature: where to post, who does it, the fact it leaves."""


def together(clerks: list[Clerk]) -> Done:
    """Return what all of them did."""
    whole = Done()
    for clerk in clerks:
        whole.facts += clerk.done.facts
        whole.outcomes |= clerk.done.outcomes
        whole.withdrawn |= clerk.done.withdrawn
        whole.invoiced |= clerk.done.invoiced
        whole.orders += clerk.done.orders
    return whole
