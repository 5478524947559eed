"""The parts that several documents share."""

from typing import NotRequired, TypedDict


class Centre(TypedDict):
    """The centre, as the head of a paper shows it."""

    parent: str
    name: str
    name_en: NotRequired[str]
    address: str
    phone: str
    email: NotRequired[str]
    website: NotRequired[str]
    designation: NotRequired[str]
    city: str


class Party(TypedDict):
    """A person or an organisation that asks, owns or pays."""

    name: str
    address: NotRequired[str]
    phone: NotRequired[str]
    tax_code: NotRequired[str]


class Customer(TypedDict):
    """The customer of a certificate or report, with how to reach them (7.8.2.1e)."""

    name: str
    address: str


class Signatory(TypedDict):
    """Who signs for the centre; the title may hold a line break (KT. GIÁM ĐỐC ⏎ PHÓ GIÁM ĐỐC)."""

    title: str
    name: str


class Officer(TypedDict):
    """Who did the work, with the number of the inspector's card."""

    name: str
    card: NotRequired[str]


class Inspector(TypedDict):
    """A verification officer; the card is obligatory (TT 24/2013/TT-BKHCN, Điều 44)."""

    name: str
    card: str


class Common(TypedDict):
    """What every paper carries."""

    centre: Centre
    number: str
    draft: NotRequired[bool]


class Checkable(Common):
    """What every paper carries that anybody may check by its code."""

    code: str
    check_url: str
    issued_on: str
    signatory: Signatory
    replaces: NotRequired[str]
