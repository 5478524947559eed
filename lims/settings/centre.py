"""The centre itself, as papers head and pages name it; and where the public finds it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lims.documents.parts import Centre
from lims.kernel import clock
from lims.settings.definitions import Definition, register
from lims.settings.parameters import Parameter

PREFIX = "centre."
UNNAMED = Centre(
    parent="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    name="TRUNG TÂM KỸ THUẬT TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG",
    name_en="Technical Centre for Standards, Metrology and Quality",
    address="–",
    phone="–",
    city="–",
)
"""What stands on a paper until the centre's own particulars are entered."""

LABELS = {
    "parent": "Superior body",
    "name": "Name of the centre",
    "name_en": "Name of the centre in English",
    "address": "Address",
    "phone": "Telephone",
    "tax_code": "Tax code",
    "email": "E-mail",
    "website": "Website",
    "designation": "Decision of designation",
    "city": "Place named beside the date",
}

register(
    *(
        Definition(
            name=f"{PREFIX}{name}",
            label=label,
            group="The centre",
            source="Quyết định của trung tâm hoặc cơ quan cấp trên",
        )
        for name, label in LABELS.items()
    )
)


IN_FORCE = (
    select(Parameter.name, Parameter.value)
    .where(Parameter.name.startswith(PREFIX), Parameter.valid_from <= bindparam("on"))
    .order_by(Parameter.valid_from)
)
"""What has come into force, the latest last."""


@dataclass
class _Address:
    public_url: str = "http://127.0.0.1:8000"


_address = _Address()


def configure(public_url: str) -> None:
    """Say under which address the public reaches this deployment."""
    _address.public_url = public_url.rstrip("/")


def check_url(code: str) -> str:
    """Return where anybody may check a certificate."""
    return f"{_address.public_url}/c/{code}"


def page_url(path: str) -> str:
    """Return the whole address of a page, as a QR code leads to it."""
    return _address.public_url + path


def block(session: Session) -> Centre:
    """Return the centre's particulars as they hold today."""
    particulars = UNNAMED.copy()
    for name, value in session.execute(IN_FORCE, {"on": clock.today()}):
        key = name.removeprefix(PREFIX)
        if key in Centre.__annotations__:
            particulars[key] = value  # type: ignore[literal-required]  # checked the line above
    return particulars
