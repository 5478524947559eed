"""Disciplines as data: what follows from the kind of service, asked wherever it matters.

A new kind is a line of this table, its words and its own rules (see
docs/how-to/add-a-kind-of-service.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lims.vocabulary import Act, CertificateKind, Discipline, Measure, Outcome


class Recording(StrEnum):
    """How work is written down at the bench: its page, and what its readings hold."""

    VERDICTS = "verdicts"
    """One sheet for many items, each with its verdict; readings are kept as they are given."""

    BALANCE = "balance"
    """The loads of one balance, evaluated with their uncertainty."""

    SAMPLE = "sample"
    """The values of one sample, each held against its limit."""


class StickerUse(StrEnum):
    """Whether what passed bears a sticker of the centre."""

    NEVER = "never"
    ON_REQUEST = "on_request"
    USUAL = "usual"
    """The next number of the person's book is taken without saying so."""


@dataclass(frozen=True, kw_only=True)
class KindOfService:
    """What the centre and the law make of one discipline."""

    outcomes: tuple[Outcome, ...] = ()
    """What the work may come to, the usual one first; none for what is not done at the bench."""

    recording: Recording = Recording.VERDICTS
    certificate: CertificateKind | None = None
    traceable: bool = False
    """It rests on the centre's standards (TT 24/2013/TT-BKHCN, Art 43(4))."""

    stickers: StickerUse = StickerUse.NEVER
    measures: tuple[Measure, ...] = ()
    """What a year's plan names of it; each result counts as the first of them."""

    acts: frozenset[Act] = frozenset(Act)
    """What only an authorised person does (ISO/IEC 17025:2017, 6.2.6)."""

    has_cycle: bool = False
    """The law sets its cycle: type and occasion are asked, and a pass holds until a due date."""

    listed: bool = False
    """Several of one order may stand on one certificate."""

    carded: bool = False
    """The document names the inspector's card."""

    is_sample: bool = False
    """A sample comes in, described; otherwise an instrument, known by its serial."""

    @property
    def at_bench(self) -> bool:
        """Tell whether items come in for it and are worked on."""
        return bool(self.outcomes)

    @property
    def judged(self) -> bool:
        """Tell whether the work ends in a verdict; what is measured has none."""
        return Outcome.PASS in self.outcomes


KINDS: Mapping[Discipline, KindOfService] = {
    Discipline.VERIFICATION: KindOfService(
        outcomes=(Outcome.PASS, Outcome.FAIL, Outcome.NOT_PERFORMED),
        certificate=CertificateKind.VERIFICATION,
        traceable=True,
        stickers=StickerUse.USUAL,
        measures=(Measure.INSTRUMENTS,),
        has_cycle=True,
        listed=True,
        carded=True,
    ),
    # Calibration and testing know no verdict by law.
    Discipline.CALIBRATION: KindOfService(
        outcomes=(Outcome.MEASURED, Outcome.NOT_PERFORMED),
        recording=Recording.BALANCE,
        certificate=CertificateKind.CALIBRATION,
        traceable=True,
        stickers=StickerUse.ON_REQUEST,
        measures=(Measure.INSTRUMENTS,),
    ),
    Discipline.TESTING: KindOfService(
        outcomes=(Outcome.MEASURED, Outcome.NOT_PERFORMED),
        recording=Recording.SAMPLE,
        certificate=CertificateKind.TEST_REPORT,
        measures=(Measure.SAMPLES,),
        is_sample=True,
    ),
    # Technical service has deliverables instead of results.
    Discipline.TECHNICAL: KindOfService(
        measures=(Measure.CONTRACTS, Measure.STANDARDS, Measure.PRODUCTS),
        acts=frozenset(),
    ),
}

AT_BENCH: tuple[Discipline, ...] = tuple(word for word, kind in KINDS.items() if kind.at_bench)
"""What items come in for, in the order of the law."""

WITH_CYCLE: tuple[Discipline, ...] = tuple(word for word, kind in KINDS.items() if kind.has_cycle)
"""What sets the due date of an instrument."""

STICKERED: tuple[Discipline, ...] = tuple(
    word for word, kind in KINDS.items() if kind.stickers is not StickerUse.NEVER
)
"""What books of stickers are handed out for: each its own kind (TT 24/2013/TT-BKHCN, Art 38-39)."""
