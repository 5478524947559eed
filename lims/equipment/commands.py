"""What is asked about the centre's own standards, typed."""

from dataclasses import dataclass
from datetime import date

from lims.vocabulary import UNSET, Field, Unset


@dataclass(frozen=True, kw_only=True)
class CalibrationCertificate:
    """The certificate that ties a standard to the SI."""

    certificate: str
    calibrated_by: str
    calibrated_on: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AddStandard(CalibrationCertificate):
    """Enter a standard with the certificate it has."""

    code: str
    name: str
    serial: str
    field: Field
    accuracy: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectStandard:
    """Say otherwise what a standard is; its code is for ever, and what is left out stays."""

    name: str | Unset = UNSET
    serial: str | Unset = UNSET
    field: Field | Unset = UNSET
    accuracy: str | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class TakeOut:
    """Take a standard out of service, saying why."""

    reason: str
