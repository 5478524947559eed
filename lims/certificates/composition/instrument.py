"""What a certificate says of the instrument itself, copied from the item at signing.

Certificates of before say what the bench wrote down among its readings: that is still read.
"""

from lims.bench.models import Result
from lims.certificates.composition.certifiable import ResultContext
from lims.certificates.composition.shared import SharedContent
from lims.kernel.words import say
from lims.particulars import CHARACTERISTICS, LABELS
from lims.reception.models import Item

VI = "vi"
NOT_STATED = "–"

PLACED = frozenset({"manufacturer", "country", "model", "year", CHARACTERISTICS})
"""The particulars for which certificates have a place of their own."""


def observed(result: Result, name: str) -> str:
    """Return what was written down at the bench under a name, or a dash."""
    return str(result.readings.get(name) or NOT_STATED)


def model(context: ResultContext) -> str:
    """Return the manufacturer's name of the model."""
    return context.item.model or observed(context.result, "model")


def manufacturer(context: ResultContext) -> str:
    """Name who made it, and in which country."""
    made = ", ".join(part for part in (context.item.manufacturer, context.item.country) if part)
    return made or observed(context.result, "maker")


def year(context: ResultContext) -> str:
    """Return the year of manufacture; blank where it is not known."""
    return str(context.item.year or context.result.readings.get("year") or "")


def characteristics(context: ResultContext, shared: SharedContent) -> list[str]:
    """Say the metrological characteristics, as the catalogue lists them for the type."""
    kind = shared.types.get(context.item.type_id) if context.item.type_id else None
    values = context.item.characteristics
    listed = kind.characteristics if kind else []
    lines = [
        f"{named['name_vi']}: {values[named['code']]} {named['unit']}".strip()
        for named in listed
        if values.get(named["code"])
    ]
    lines += _without_a_place(context.item)
    return lines or [
        line for line in observed(context.result, "characteristics").splitlines() if line
    ]


def _without_a_place(item: Item) -> list[str]:
    """Say the particulars for which certificates have no place of their own, by their labels."""
    return [
        f"{say(label, VI)}: {value}"
        for name, label in LABELS.items()
        if name not in PLACED and (value := getattr(item, name))
    ]
