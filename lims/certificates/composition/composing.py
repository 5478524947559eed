"""Which paper a certificate is printed on, and whether what it says can be printed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lims.certificates.composition import measured, verification
from lims.certificates.composition.certifiable import Draft
from lims.certificates.composition.shared import SharedContent
from lims.certificates.document_types import Calibration, TestReport, Verification, VerificationList
from lims.documents import rendering
from lims.documents.content import Content as DocumentContent
from lims.kernel.errors import FieldRefusals, LabError
from lims.vocabulary import CertificateKind

KIND = "certificate"
"""How the shelf knows the paper of a certificate."""

Content = DocumentContent | Verification | VerificationList | Calibration | TestReport
"""What a certificate says, composed anew or corrected."""


@dataclass(frozen=True)
class Numbered:
    """A draft that has its number, its code and its words."""

    draft: Draft
    number: str
    code: str
    template: str
    content: Content


Words = Callable[[Draft, SharedContent, str, str], Content]

LIST: tuple[str, Words] = ("verification-list", verification.verification_list)
SINGLE: dict[CertificateKind, tuple[str, Words]] = {
    CertificateKind.VERIFICATION: ("verification", verification.verification),
    CertificateKind.CALIBRATION: ("calibration", measured.calibration),
    CertificateKind.TEST_REPORT: ("test-report", measured.test_report),
}


def compose(draft: Draft, shared: SharedContent, number: str, code: str) -> Numbered:
    """Say what a draft says, on the paper of its kind."""
    template, words = LIST if draft.listed else SINGLE[draft.kind]
    return Numbered(draft, number, code, template, words(draft, shared, number, code))


def require_printable(numbered: Iterable[Numbered]) -> None:
    """Refuse before freezing what could not be printed, and say of which item.

    Forty certificates of one shape are checked as one that holds all their words, which costs a
    twentieth; only if that one fails are they told apart.
    """
    by_template: dict[str, list[Numbered]] = {}
    for draft in numbered:
        by_template.setdefault(draft.template, []).append(draft)
    for template, alike in by_template.items():
        try:
            rendering.check(template, _together([draft.content for draft in alike]))
        except (LabError, rendering.ContentWrong):
            _tell_apart(alike)


def _tell_apart(alike: Iterable[Numbered]) -> None:
    refused: dict[str, LabError] = {}
    for numbered in alike:
        try:
            rendering.check(numbered.template, numbered.content)
        except LabError as refusal:
            refused[numbered.draft.first.item.code] = refusal
    if refused:
        raise FieldRefusals(refused)


def _together(contents: list[Any]) -> Any:  # noqa: ANN401 - JSON
    """Lay contents of one shape over each other: words joined, lists as one element."""
    first = contents[0]
    if isinstance(first, str):
        return " ".join(dict.fromkeys(contents))
    if isinstance(first, Mapping):
        keys = dict.fromkeys(key for content in contents for key in content)
        return {
            key: _together([content[key] for content in contents if key in content]) for key in keys
        }
    inner = [line for content in contents for line in content]
    return [_together(inner)] if inner else []
