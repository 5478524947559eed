"""What billing puts on other pages: home, orders, contracts, the search."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lims.billing import queries
from lims.billing.access import READING, TAKING, WRITING
from lims.billing.charges import accounts
from lims.billing.commands import FindInvoices
from lims.billing.contract_money import statement
from lims.billing.contract_money.projection import CHAIN
from lims.billing.models import Charge
from lims.billing.returns import order_items
from lims.contracts.models import Contract
from lims.kernel import clock
from lims.reception.models import Order
from lims.vocabulary import ChargeState, InvoiceState, Role
from lims.web.access import Person, actor
from lims.web.page_extensions import Hit, Panel, Registry, Section
from lims.web.pages import gettext, word

SHOWN = 5
MOST = 99
"""More than these are not counted: there is work enough."""


def install(registry: Registry) -> None:
    """Put the cards, the parts and the search where they belong."""
    accountant, counter = frozenset({Role.ACCOUNTANT}), frozenset({Role.RECEPTION})
    registry.home += [
        (counter, walk_in),
        (accountant, to_correct),
        (accountant, to_invoice),
        (accountant, drafts),
        (accountant, receivables),
        (frozenset({Role.DIRECTOR}), money_this_month),
    ]
    registry.sections["order"].append(of_order)
    registry.sections["contract"].append(of_contract)
    registry.searches.append(search)


def walk_in(_session: Session, _person: Person) -> Panel:
    """Lead to the walk-in page, one click away."""
    return Panel(
        title=gettext("Walk-in customer"),
        count=None,
        href="/reception/walk-in",
        icon="cash",
        actions=[(gettext("One instrument, paid in cash"), "/reception/walk-in")],
    )


def to_correct(session: Session, _person: Person) -> Panel | None:
    """Show invoices whose work was withdrawn since; no card when there is none."""
    rows = queries.to_correct(session)
    if not rows:
        return None
    return Panel(
        title=gettext("Invoiced, then withdrawn"),
        count=len(rows),
        href="/billing",
        icon="alert-triangle",
        urgent=True,
        rows=[
            (f"{row.Invoice.label} · {row.code}", f"/billing/invoices/{row.Invoice.id}", row.payer)
            for row in rows[:SHOWN]
        ],
    )


def to_invoice(session: Session, _person: Person) -> Panel:
    """Show who owes most for work that is on no invoice."""
    rows = queries.to_invoice(session)
    return Panel(
        title=gettext("To invoice"),
        count=len(rows),
        href="/billing",
        icon="coins",
        rows=[
            (row.payer, f"/billing?payer_id={row.payer_id}", _dong(row.total))
            for row in rows[:SHOWN]
        ],
    )


def drafts(session: Session, _person: Person) -> Panel:
    """Show the drafts that wait to be issued."""
    rows = queries.invoices(session, FindInvoices(state=InvoiceState.DRAFT, limit=MOST))
    totals = queries.totals(session, [row.Invoice.id for row in rows[:SHOWN]])
    return Panel(
        title=gettext("Drafts of invoices"),
        count=min(len(rows), MOST),
        href="/billing/invoices?standing=draft",
        icon="file-invoice",
        rows=[
            (row.buyer, f"/billing/invoices/{row.Invoice.id}", _dong(totals.get(row.Invoice.id, 0)))
            for row in rows[:SHOWN]
        ],
    )


def receivables(session: Session, _person: Person) -> Panel:
    """Show the oldest invoices that are not paid."""
    rows = queries.receivables(session, limit=MOST)
    return Panel(
        title=gettext("Open receivables"),
        count=min(len(rows), MOST),
        href="/billing/receivables",
        icon="report-money",
        rows=[
            (row.buyer, f"/billing/invoices/{row.Invoice.id}", _dong(row.Invoice.open))
            for row in rows[:SHOWN]
        ],
    )


def money_this_month(session: Session, _person: Person) -> Panel:
    """Show the money of the calendar month that is running."""
    last = clock.today()
    first = last.replace(day=1)
    sums = statement.between(session, first, last)
    return Panel(
        title=gettext("Money this month"),
        count=None,
        href="/billing/money",
        icon="report-money",
        rows=[
            (
                word(measure).capitalize(),
                f"/billing/money/facts?measure={measure}&from={first}&to={last}",
                _dong(sums.get(measure, 0)),
            )
            for measure in CHAIN
        ],
        actions=[(gettext("Money of contracts"), "/billing/money")],
    )


def of_order(session: Session, order: object) -> Section | None:
    """Show what an order costs and what came in, and lead to cash and hand-over."""
    if not isinstance(order, Order) or not actor().has(*READING, *TAKING):
        return None
    free = (Charge.order_id == order.id, Charge.state == ChargeState.EARNED)
    charged = (Charge.order_id == order.id, Charge.state != ChargeState.CANCELLED)
    lines = order_items.of_order(session, order.id)
    context = {
        "order": order,
        "account": accounts.account(session, order),
        "rows": accounts.rows_of(session, *charged),
        "invoices": accounts.invoiced(session, order.id),
        "hand_overs": order_items.hand_overs(session, order.id),
        "payments": queries.payments_for(session, order.id),
        "free": bool(accounts.rows_of(session, *free, Charge.invoice_id.is_(None))),
        "ready": any(line.ready for line in lines),
        "may_invoice": actor().has(*WRITING),
        "may_take": actor().has(*TAKING),
        "may_hand_over": actor().has(Role.RECEPTION),
    }
    return Section("billing/_order.html", context)


def of_contract(session: Session, contract: object) -> Section | None:
    """Show how far the money of a contract has come."""
    if not isinstance(contract, Contract) or not actor().has(*READING):
        return None
    free = (Charge.contract_id == contract.id, Charge.state == ChargeState.EARNED)
    context = {
        "contract": contract,
        "sums": statement.of(session, [contract.id])[contract.id],
        "measures": CHAIN,
        "free": bool(accounts.rows_of(session, *free, Charge.invoice_id.is_(None))),
        "may_invoice": actor().has(*WRITING),
    }
    return Section("billing/_contract.html", context)


def search(session: Session, q: str) -> Sequence[Hit]:
    """Find an invoice by its number."""
    if not actor().has(*READING):
        return []
    invoice = queries.by_label(session, q)
    if invoice is None:
        return []
    return [
        Hit(
            "Invoice",
            invoice.label,
            f"/billing/invoices/{invoice.id}",
            f"{_dong(invoice.total)} · {word(invoice.standing)}",
        )
    ]


def _dong(amount: int) -> str:
    return gettext("%(amount)s đ", amount=int(amount))
