"""The list of instruments falling due as a spreadsheet, to telephone by."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from lims.customers.page_extensions import type_name
from lims.customers.queries import InstrumentDetails
from lims.web.pages import gettext

WIDTHS = (12, 16, 28, 36, 18, 36, 24, 24, 20)


def sheet(rows: Sequence[InstrumentDetails], areas: Mapping[str, str]) -> bytes:
    """Write the list, a line for each instrument."""
    headings = (
        gettext("Valid until"),
        gettext("Serial"),
        gettext("Instrument type"),
        gettext("Holder"),
        gettext("Telephone"),
        gettext("Address"),
        gettext("User"),
        gettext("Place of use"),
        gettext("Area"),
    )
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        for column, width in enumerate(WIDTHS):
            page.set_column(column, column, width)
        page.write_row(0, 0, headings, bold)
        page.freeze_panes(1, 0)
        for line, details in enumerate(rows, start=1):
            page.write_datetime(line, 0, details.instrument.due_on, day)
            page.write_row(line, 1, _texts(details, areas))
    return content.getvalue()


def _texts(details: InstrumentDetails, areas: Mapping[str, str]) -> tuple[str, ...]:
    instrument = details.instrument
    return (
        instrument.serial,
        type_name(details.type),
        details.holder.name,
        details.holder.phone,
        details.holder.address,
        instrument.user_name,
        instrument.place_of_use,
        areas.get(instrument.area, instrument.area),
    )
