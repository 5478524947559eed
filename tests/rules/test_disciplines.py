"""Every discipline has its line in the table, and the line makes sense."""

import pytest

from lims.disciplines import KINDS, StickerUse
from lims.vocabulary import Act, CertificateKind, Discipline, Measure, Outcome


def test_every_discipline_has_a_line():
    assert set(KINDS) == set(Discipline)


@pytest.mark.parametrize("discipline", Discipline)
def test_every_discipline_is_counted(discipline):
    assert KINDS[discipline].measures


def test_work_is_either_judged_or_measured_and_may_always_go_undone():
    for kind in KINDS.values():
        if kind.at_bench:
            judged = {Outcome.PASS, Outcome.FAIL} <= set(kind.outcomes)
            assert judged != (Outcome.MEASURED in kind.outcomes)
            assert kind.judged == judged
            assert Outcome.NOT_PERFORMED in kind.outcomes


def test_technical_service_has_deliverables_instead_of_results():
    technical = KINDS[Discipline.TECHNICAL]

    assert not technical.at_bench
    assert technical.certificate is None
    assert technical.measures == (Measure.CONTRACTS, Measure.STANDARDS, Measure.PRODUCTS)


def test_only_a_verification_has_a_legal_cycle_and_a_sticker_without_asking():
    usual = [word for word, kind in KINDS.items() if kind.stickers is StickerUse.USUAL]
    cyclic = [word for word, kind in KINDS.items() if kind.has_cycle]

    assert usual == cyclic == [Discipline.VERIFICATION]


def test_every_kind_of_certificate_belongs_to_one_discipline():
    issued = [kind.certificate for kind in KINDS.values() if kind.certificate]

    assert sorted(issued) == sorted(CertificateKind)


def test_whoever_works_at_the_bench_is_authorised_for_each_act():
    for kind in KINDS.values():
        assert kind.acts == (frozenset(Act) if kind.at_bench else frozenset())
