from datetime import date
from uuid import uuid4

import pytest

from lims.certificates.models import Certificate, CertificatePlace, Standing
from lims.certificates.signing.replacing import parts
from lims.kernel.errors import WrongState
from lims.vocabulary import CertificateKind, Validity

ISSUED, LAST, AFTER = date(2026, 3, 3), date(2028, 3, 31), date(2028, 4, 1)


def certificate():
    return Certificate(
        number="V26-00001",
        kind=CertificateKind.VERIFICATION,
        code="AAAA-BBBB-CCCC",
        order_id=uuid4(),
        issued_on=ISSUED,
        signed_by="giamdoc",
        capacity="Giám đốc",
    )


def place(**said):
    return CertificatePlace(
        certificate_id=uuid4(), item_id=uuid4(), result_id=uuid4(), valid_until=LAST, **said
    )


def test_a_place_holds_through_its_last_day():
    assert place().standing(LAST) is Standing.VALID
    assert place().standing(AFTER) is Standing.EXPIRED


def test_a_place_without_a_last_day_does_not_expire():
    assert (
        CertificatePlace(certificate_id=uuid4(), item_id=uuid4(), result_id=uuid4()).standing(AFTER)
        is Standing.VALID
    )


@pytest.mark.parametrize("validity", [Validity.ENDED, Validity.SUPERSEDED, Validity.WITHDRAWN])
def test_what_was_taken_back_is_never_merely_expired(validity):
    ended = place()

    fact = ended.end(validity, reason="vì sao", on=ISSUED)

    assert ended.standing(AFTER).value == validity.value
    assert (fact.validity, fact.reason, fact.on) == (validity, "vì sao", ISSUED)
    assert (ended.ended_on, ended.ended_why) == (ISSUED, "vì sao")


def test_a_place_ends_once():
    ended = place()
    ended.end(Validity.ENDED, reason="vì sao", on=ISSUED)

    with pytest.raises(WrongState, match="ended already"):
        ended.end(Validity.WITHDRAWN, reason="nữa", on=ISSUED)


@pytest.mark.parametrize("validity", [Validity.ENDED, Validity.SUPERSEDED])
def test_a_place_holds_again_when_what_ended_it_was_withdrawn(validity):
    ended = place()
    ended.end(validity, reason="vì sao", on=ISSUED)

    fact = ended.revive(on=AFTER)

    assert (ended.validity, ended.ended_on, ended.ended_why) == (Validity.LIVE, None, "")
    assert (fact.item_id, fact.on) == (ended.item_id, AFTER)
    with pytest.raises(WrongState, match="did not end"):
        ended.revive(on=AFTER)


def test_a_place_that_had_ended_is_taken_back_once_and_never_holds_again():
    ended = place()
    ended.end(Validity.ENDED, reason="vì sao", on=ISSUED)

    fact = ended.take_back(reason="nhầm máy", on=AFTER)

    assert (fact.validity, ended.ended_why) == (Validity.WITHDRAWN, "nhầm máy")
    with pytest.raises(WrongState, match="or was withdrawn"):
        ended.revive(on=AFTER)
    with pytest.raises(WrongState, match="ended already"):
        ended.take_back(reason="nữa", on=AFTER)


def test_a_certificate_is_withdrawn_once_and_keeps_why():
    taken_back = certificate()

    fact = taken_back.withdraw(reason="sai đơn vị", on=ISSUED)

    assert (fact.number, fact.reason) == ("V26-00001", "sai đơn vị")
    assert (taken_back.withdrawn_on, taken_back.withdrawn_why) == (ISSUED, "sai đơn vị")
    with pytest.raises(WrongState, match="already"):
        taken_back.withdraw(reason="nữa", on=ISSUED)


def test_what_may_be_corrected_is_sorted_by_the_paper_then_by_item():
    content = {
        "centre": {"name": "Trung tâm"},
        "items": [
            {"serial": "A 1", "name": "Cân", "characteristics": ["30 kg", "5 g"], "due": "2028"},
            {"name": "Quả cân", "serial": "B 2"},
        ],
        "address": "Chợ Rạch Giá",
        "requester": "Bà Lan",
        "signatory": {"name": "Ông Minh"},
        "inspector": {"name": "Ông Tư"},
    }

    assert parts({"items": []}) == []
    assert parts(content) == [
        ("", [("requester", "Requested by", "Bà Lan"), ("address", "Address", "Chợ Rạch Giá")]),
        (
            "1 · A 1",
            [
                ("items.0.name", "Name", "Cân"),
                ("items.0.serial", "Serial number", "A 1"),
                ("items.0.characteristics.0", "Metrological characteristics", "30 kg"),
                ("items.0.characteristics.1", "Metrological characteristics", "5 g"),
            ],
        ),
        (
            "2 · B 2",
            [
                ("items.1.name", "Name", "Quả cân"),
                ("items.1.serial", "Serial number", "B 2"),
            ],
        ),
    ]
