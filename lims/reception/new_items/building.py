"""The items of an order: what was brought, looked up and checked many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.customers.commands import Arrival
from lims.customers.models import Instrument, ParticularsRow, particulars_row, require_made
from lims.customers.registry import service as registry
from lims.disciplines import KINDS
from lims.kernel.batch import each
from lims.kernel.db import new_id
from lims.kernel.errors import NotFound, RuleBroken
from lims.kernel.words import fold, tidy
from lims.particulars import NAMES
from lims.reception.commands import NewItem
from lims.reception.events import ItemReceived
from lims.reception.models import Order
from lims.reception.new_items.lookup import Lookup, look_up
from lims.reception.new_items.serials import LONGEST
from lims.vocabulary import Discipline, Field, ItemState, Occasion


class ItemRow(ParticularsRow):
    """The columns of a new item: a dictionary, since hundreds go into one statement."""

    id: UUID
    order_id: UUID
    line: int
    code: str
    discipline: Discipline
    service_id: UUID
    field: Field
    description: str
    received_on: date
    units: int
    type_id: UUID | None
    occasion: Occasion | None
    instrument_id: UUID | None
    serial: str
    serial_folded: str
    user_name: str
    place_of_use: str
    area: str
    condition: str
    state: ItemState


def build(
    session: Session,
    order_id: UUID,
    holder_id: UUID,
    new_items: Sequence[NewItem],
    *,
    on: date,
    by: str,
) -> list[ItemRow]:
    """Make the items of an order, refusing the impossible ones by their place in the list."""
    lookup = look_up(session, holder_id, new_items)

    def item_of(numbered: tuple[int, NewItem]) -> ItemRow:
        return _item(lookup, order_id, numbered[0], numbered[1], on)

    items = each(enumerate(new_items, start=1), item_of)
    for item in items:
        if item["instrument_id"] is not None:
            instrument = lookup.instruments[item["instrument_id"]]
            registry.come_again(session, instrument, _arrival(item), on=on, by=by)
            _copy_particulars(instrument, item)
    _register(session, holder_id, items, on=on, by=by)
    return items


def give_codes(order: Order, items: Iterable[ItemRow]) -> None:
    """Name each item by the order's number, which is taken last, and its line."""
    for item in items:
        item["code"] = f"{order.number}-{item['line']:03}"


def facts(order: Order, items: Iterable[ItemRow]) -> Iterator[ItemReceived]:
    """Tell that each item was taken in."""
    for item in items:
        yield ItemReceived(
            item_id=item["id"],
            order_id=order.id,
            contract_id=order.contract_id,
            instrument_id=item["instrument_id"],
            discipline=item["discipline"],
            field=item["field"],
            area=item["area"],
            units=item["units"],
            on=order.received_on,
        )


def _item(lookup: Lookup, order_id: UUID, line: int, new: NewItem, on: date) -> ItemRow:
    service = _service(lookup, new)
    registered = _instrument(lookup, new)
    kind = _type(lookup, new, service, registered)
    _require_possible(kind, new, on)
    serial = _serial(new.serial or (registered.serial if registered else ""))
    item = ItemRow(
        id=new_id(),
        order_id=order_id,
        line=line,
        code="",
        discipline=service.discipline,
        service_id=service.id,
        field=service.field,
        description=new.description or (kind.name_vi if kind else service.name_vi),
        received_on=on,
        units=kind.counting_units if kind else 1,
        type_id=kind.id if kind else None,
        occasion=_occasion(service, new),
        instrument_id=None,
        serial=serial,
        serial_folded=fold(serial),
        user_name=new.user_name,
        place_of_use=new.place_of_use,
        area=new.area or lookup.area,
        condition=new.condition,
        **particulars_row(new),
        state=ItemState.RECEIVED,
    )
    if registered is not None:
        _remember(item, registered, new)
    _refuse_twice(lookup, item)
    return item


def _occasion(service: Service, new: NewItem) -> Occasion | None:
    return new.occasion if KINDS[service.discipline].has_cycle else None


def _remember(item: ItemRow, registered: Instrument, new: NewItem) -> None:
    """Fill in from the registry what the order leaves open."""
    item["instrument_id"] = registered.id
    item["user_name"] = new.user_name or registered.user_name
    item["place_of_use"] = new.place_of_use or registered.place_of_use
    item["area"] = new.area or registered.area or item["area"]


def _service(lookup: Lookup, new: NewItem) -> Service:
    service = lookup.services.get(new.service_id)
    if service is None or not service.active:
        raise NotFound("There is no such service: choose one from the tariff.", field="service_id")
    if not KINDS[service.discipline].at_bench:
        raise RuleBroken(
            "%(service)s is technical service: it is delivered under a contract, not received.",
            field="service_id",
            service=service.name_vi,
        )
    return service


def _instrument(lookup: Lookup, new: NewItem) -> Instrument | None:
    if new.instrument_id is None:
        return None
    instrument = lookup.instruments.get(new.instrument_id)
    if instrument is None:
        raise NotFound(
            "There is no such instrument: choose one from the registry.", field="instrument_id"
        )
    return instrument


def _type(
    lookup: Lookup, new: NewItem, service: Service, registered: Instrument | None
) -> InstrumentType | None:
    """Return the type: the item's, the instrument's or the service's; they must agree."""
    asked = [new.type_id, registered.type_id if registered else None, service.type_id]
    named = {type_id for type_id in asked if type_id is not None}
    if len(named) > 1:
        raise RuleBroken(
            "%(service)s is for another type of instrument: choose the service of this type.",
            field="type_id",
            service=service.name_vi,
        )
    if not named and KINDS[service.discipline].has_cycle:
        raise RuleBroken(
            "Choose the type of instrument: the law sets its verification cycle.", field="type_id"
        )
    kind = lookup.types.get(named.pop()) if named else None
    if any(asked) and kind is None:
        raise NotFound("There is no such type: choose one from the catalogue.", field="type_id")
    return kind


def _require_possible(kind: InstrumentType | None, new: NewItem, on: date) -> None:
    """Refuse particulars that an instrument of its type cannot have."""
    require_made(new.year, on)
    if new.characteristics and kind is None:
        raise RuleBroken(
            "Choose the type of instrument: it lists the characteristics.", field="type_id"
        )
    if new.characteristics and kind is not None:
        kind.require_possible(new.characteristics)


def _serial(text: str) -> str:
    serial = text if text.isascii() and text.isalnum() else tidy(text, field="serial")
    if len(serial) > LONGEST:
        raise RuleBroken(
            "A serial number has at most %(longest)s characters.", field="serial", longest=LONGEST
        )
    return serial


def _refuse_twice(lookup: Lookup, item: ItemRow) -> None:
    """Refuse one instrument twice in an order; samples may bear the same mark."""
    if not item["serial"] or item["type_id"] is None:
        return
    key = (item["type_id"], item["serial_folded"])
    row = lookup.rows_by_serial.setdefault(key, item["line"])
    if row != item["line"]:
        raise RuleBroken(
            "Serial number %(serial)s is in the list already, in row %(row)d: take one out.",
            field="serial",
            serial=item["serial"],
            row=row,
        )


def _register(
    session: Session, holder_id: UUID, items: Iterable[ItemRow], *, on: date, by: str
) -> None:
    """Let the registry know the instruments that have a type and a serial number."""
    by_type: dict[UUID, list[ItemRow]] = defaultdict(list)
    for item in items:
        if item["type_id"] and item["serial"] and item["instrument_id"] is None:
            by_type[item["type_id"]].append(item)
    for type_id, group in sorted(by_type.items()):
        arrivals = [_arrival(item) for item in group]
        registered = registry.register(session, holder_id, type_id, arrivals, on=on, by=by)
        for item in group:
            item["instrument_id"] = registered.ids[item["serial_folded"]]
            if instrument := registered.returned.get(item["serial_folded"]):
                _copy_particulars(instrument, item)


def _copy_particulars(instrument: Instrument, item: ItemRow) -> None:
    """Take over what the registry knows of the instrument."""
    item.update(particulars_row(instrument))  # type: ignore[typeddict-item]  # a part of it


def _arrival(item: ItemRow) -> Arrival:
    return Arrival(
        serial=item["serial"],
        user_name=item["user_name"],
        place_of_use=item["place_of_use"],
        area=item["area"],
        **{name: item[name] for name in NAMES},  # type: ignore[literal-required]  # its columns
    )
