from uuid import UUID

import pytest
from lxml import html
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from lims.certificates import service
from lims.certificates.models import Certificate
from lims.certificates.public import checking
from lims.documents import store
from lims.documents.store import Document
from lims.eventlog.log import Outgoing
from lims.identity import service as identity
from lims.kernel import db
from lims.kernel.db import reading, transaction
from lims.reception.models import Item
from lims.vocabulary import CertificateMode, ResultState, Role
from tests import factories

SIGN = "/certificates/sign"
PDF = b"%PDF-1.7 a certificate"


@pytest.fixture
def people(app):
    with transaction() as session:
        factories.technician(session)
        factories.checker(session)
        factories.signatory(session)


@pytest.fixture
def director(people, signed_in):
    """The signatory in a browser."""
    return signed_in(Role.SIGNATORY, login="giamdoc")


@pytest.fixture
def machine(people):
    """What a machine sends in the signatory's name."""
    with transaction() as session:
        user = identity.by_login(session, "giamdoc")
        token = identity.make_token(session, user.id, label="thử", by="admin")
    return {"Authorization": f"Bearer {token}"}


def work(count=3, **said):
    """Checked results that wait for the signature; their ids."""
    with transaction() as session:
        return [str(one.id) for one in factories.done(session, count, **said)]


def signed(count=1, **said):
    """Certificates signed in a transaction of their own."""
    ids = work(count, **said)
    with transaction() as session:
        return service.sign(session, [UUID(one) for one in ids], by="giamdoc")


def print_all():
    with transaction() as session:
        for document in session.scalars(select(Document)):
            store.keep(session, document.id, PDF + document.number.encode(), by="worker")


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(tree):
    return " ".join(tree.text_content().split())


def post(client, path, **said):
    return client.post(path, data={"_key": factories.key(), **said})


def facts(name):
    with reading() as session:
        query = select(func.count()).select_from(Outgoing).where(Outgoing.name == name)
        return session.scalar(query)


def test_the_signatory_sees_what_waits_and_signs_it_with_one_button(director):
    work(4, fails=1)

    shown = page(director.get(SIGN))
    ticked = shown.xpath("//input[@name='ids'][@checked]/@value")
    answer = post(director, SIGN, ids=ticked)

    assert len(ticked) == 4
    assert "01 giấy chứng nhận kèm danh mục 3 phương tiện đo" in words(shown)
    assert "1 không đạt: chỉ có biên bản" in words(shown)
    assert answer.status_code == 303
    done = page(director.get(answer.location))
    assert "Đã lập 0/1 văn bản" in words(done)
    assert done.xpath("//*[@id='printing']/@hx-get")
    print_all()
    done = page(director.get(answer.location))
    assert "Đã lập 1/1 văn bản" in words(done)
    assert not done.xpath("//*[@id='printing']/@hx-get")
    assert "Không có kết quả nào chờ ký" in words(page(director.get(SIGN)))


def test_exceptions_stand_first(director):
    with transaction() as session:
        results = factories.done(session, 3)
        fail = factories.done(
            session, 1, fails=1, of=session.get_one(factories.Order, order_of(session, results))
        )
        code = session.get_one(Item, fail[0].item_id).code

    shown = page(director.get(SIGN))

    assert code in shown.xpath("//tbody/tr[1]")[0].text_content()
    assert shown.xpath("//tbody/tr[1]/@data-verdict") == ["fail"]


def order_of(session, results):
    return session.get_one(Item, results[0].item_id).order_id


def test_only_what_is_ticked_is_signed(director):
    first, *_ = work(3, certificate_mode=CertificateMode.EACH)

    post(director, SIGN, ids=[first])

    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1
        states = session.scalars(select(factories.Result.state)).all()
        assert sorted(states) == ["authorised", "checked", "checked"]


def test_what_only_failed_leads_back_to_the_page(director):
    ids = work(1, fails=1)

    answer = post(director, SIGN, ids=ids)

    assert answer.location == SIGN
    assert "chỉ có biên bản" in words(page(director.get(SIGN)))


def test_signing_nothing_says_what_to_do(director):
    work(1)

    shown = page(post(director, SIGN), 422)

    assert "Hãy nhập mục này" in words(shown)
    assert shown.xpath("//input[@name='ids']")


def test_one_order_can_be_looked_at_alone(director):
    work(1)
    work(2)
    shown = page(director.get(SIGN))
    href = shown.xpath("//a[contains(@href, 'order=')]/@href")[0]

    alone = page(director.get(href))

    assert len(alone.xpath("//input[@name='ids']")) == 1
    assert len(page(director.get(SIGN + "?order=x")).xpath("//input[@name='ids']")) == 3


def test_a_reader_sees_the_queue_and_cannot_sign(people, signed_in):
    ids = work(1)
    inspector = signed_in(Role.INSPECTOR)

    shown = page(inspector.get(SIGN))

    assert not shown.xpath("//input[@name='ids']")
    assert not shown.xpath("//main//button[@data-main]")
    assert post(inspector, SIGN, ids=ids).status_code == 403
    assert signed_in(Role.RECEPTION).get(SIGN).status_code == 403


def test_a_result_goes_back_with_a_reason(director):
    (result,) = work(1)
    back = f"{SIGN}/{result}/back"

    assert "Cần xem lại điều gì" in words(page(director.get(back)))
    assert "Hãy nhập mục này" in words(page(post(director, back), 422))
    assert post(director, back, reason="thiếu số đọc").location == SIGN

    with reading() as session:
        found = session.get_one(factories.Result, UUID(result))
        assert (found.state, found.return_reason) == (ResultState.DRAFT, "thiếu số đọc")


def test_the_page_of_signed_certificates_says_when_there_are_none(director):
    assert "Không tìm thấy các giấy chứng nhận" in words(page(director.get("/certificates/signed")))


def test_the_list_is_searched_and_leads_to_the_certificate(director):
    assert "Chưa có giấy chứng nhận nào" in words(page(director.get("/certificates")))
    signed(2)
    print_all()

    shown = page(director.get("/certificates?q=V26-00001"))
    one = page(director.get(shown.xpath("//tbody//a[contains(@href, 'certificates/')]/@href")[0]))

    assert "còn hiệu lực" in words(shown)
    assert shown.xpath("//a[contains(@href, '.pdf')]")
    assert "Giấy chứng nhận số V26-00001" in words(one)
    assert "Đã ký giấy chứng nhận" in words(one)
    assert "Không tìm thấy giấy chứng nhận nào" in words(page(director.get("/certificates?q=zz")))


def test_the_list_goes_on(director):
    signed(51, certificate_mode=CertificateMode.EACH)

    first = page(director.get("/certificates"))
    second = page(director.get(first.xpath("//a[@rel='next']/@href")[0]))

    assert len(first.xpath("//tbody/tr")) == 50
    assert len(second.xpath("//tbody/tr")) == 1


def test_a_certificate_is_withdrawn_with_a_reason(director):
    (certificate,) = signed(2)
    address = f"/certificates/{certificate.id}"

    assert "Lý do thu hồi" in words(page(director.get(f"{address}/withdraw")))
    assert post(director, f"{address}/withdraw", reason="sai đơn vị").location == address

    shown = words(page(director.get(address)))
    assert "Đã thu hồi ngày 03/03/2026. sai đơn vị" in shown
    assert "Cấp thay thế" not in shown
    assert "already" not in words(page(post(director, f"{address}/withdraw", reason="x"), 409))


def test_a_certificate_is_replaced_by_one_that_says_otherwise(director):
    (certificate,) = signed(2)
    address = f"/certificates/{certificate.id}"
    form = page(director.get(f"{address}/supersede"))
    names = form.xpath("//input[starts-with(@name, 'changes.')]/@name")
    assert "changes.items.1.user" in names
    assert not [one for one in names if "valid_until" in one or "centre" in one]

    answer = post(
        director, f"{address}/supersede", reason="ghi sai", **{"changes.items.1.user": "Sạp 7"}
    )

    assert "V26-00001" in words(page(director.get(answer.location)))
    old = words(page(director.get(address)))
    assert "Được thay thế bằng giấy số V26-00002" in old
    assert "đã được thay thế" in old


def test_what_the_new_certificate_says_has_to_be_short(director):
    (certificate,) = signed(1)
    address = f"/certificates/{certificate.id}/supersede"

    shown = page(post(director, address, reason="x", **{"changes.user": "x" * 501}), 422)

    assert shown.xpath("//input[@name='changes.user'][@aria-invalid]")


def test_why_a_place_ended_is_said_in_the_readers_language(director):
    with transaction() as session:
        first = factories.done(session, 1)
        (old,) = service.sign(session, [first[0].id], by="giamdoc")
        item = session.get_one(Item, first[0].item_id)
        known = [session.get_one(factories.Instrument, item.instrument_id)]
        later = factories.done(session, 1, registered=known)
        service.sign(session, [later[0].id], by="giamdoc")

    vietnamese = words(page(director.get(f"/certificates/{old.id}")))
    director.post("/language", data={"locale": "en"})
    english = words(page(director.get(f"/certificates/{old.id}")))

    assert vietnamese.count("đã được cấp giấy chứng nhận kiểm định mới") == 2
    assert english.count("A later verification of this instrument was certified.") == 2


def test_the_home_page_shows_what_waits(director):
    work(3)

    shown = words(page(director.get("/")))

    assert "Chờ ký3" in shown
    assert "· 3" in shown


def test_item_and_order_show_their_certificates_and_the_search_finds_them(director):
    (certificate,) = signed(1)
    with reading() as session:
        item = session.scalars(select(Item)).one()

    assert "V26-00001" in words(page(director.get(f"/reception/items/{item.id}")))
    assert "V26-00001" in words(page(director.get(f"/reception/orders/{item.order_id}")))
    assert "V26-00001" in words(page(director.get(f"/instruments/{item.instrument_id}")))
    assert "V26-00001" in words(page(director.get("/search?q=V26-00001")))
    assert certificate.number == "V26-00001"


# The public check


def test_anybody_may_check_a_code_and_learns_no_customer(people, client):
    with transaction() as session:
        buyer = factories.customer(session, name="Công ty Kín Tiếng")
        order = factories.order(session, buyer)
        results = factories.done(session, 1, of=order)
        (certificate,) = service.sign(session, [results[0].id], by="giamdoc")
        serial = session.get_one(Item, results[0].item_id).serial

    shown = page(client.get(f"/c/{certificate.code}"))

    said = words(shown)
    assert "Còn hiệu lực" in said
    assert serial in said
    assert "31/03/2028" in said
    assert "Kín Tiếng" not in said
    assert "http://127.0.0.1:8000/c" in said
    assert not shown.xpath("//script")
    assert facts("certificates.looked_up") == 1


def test_the_public_page_is_small(people, client):
    (certificate,) = signed(1)

    answer = client.get(f"/c/{certificate.code}")

    assert len(answer.data) < 6_000
    style = html.fromstring(answer.text).xpath("//link[@rel='stylesheet']/@href")
    assert len(style) == 1
    with client.get(style[0]) as sheet:
        assert len(sheet.data) < 4_000


def test_a_number_may_be_typed_into_the_form(people, client):
    signed(1)

    answer = client.get("/c?q=v26-00001")

    assert answer.status_code == 303
    assert "V26-00001" in words(page(client.get(answer.location)))
    assert "Mã dưới ô QR" in words(page(client.get("/c")))


def test_what_is_unknown_is_said_to_be_unknown(people, client):
    shown = page(client.get("/c/AAAA-BBBB-CCCC"), 404)

    assert "Không có trong hệ thống" in words(shown)
    assert facts("certificates.looked_up") == 0


def test_a_withdrawn_certificate_is_told_from_a_valid_one(people, client):
    (certificate,) = signed(2)
    with transaction() as session:
        service.withdraw(session, certificate.id, reason="sai tên khách hàng", by="giamdoc")

    said = words(page(client.get(f"/c/{certificate.code}")))

    assert "Đã thu hồi" in said
    assert "sai tên khách hàng" not in said


def test_who_guesses_has_to_wait(people, client):
    for _ in range(checking.MOST // checking.MISS):
        assert client.get("/c/AAAA-BBBB-CCCC").status_code == 404

    shown = page(client.get("/c/AAAA-BBBB-CCCC"), 429)

    assert "năm phút" in words(shown)


# Machines


def test_a_machine_signs_a_batch_and_reads_what_was_issued(app, machine):
    ids = work(3, fails=1, certificate_mode=CertificateMode.EACH)
    client = app.test_client()
    key = {"Idempotency-Key": factories.key()}

    answer = client.post("/api/v1/certificates/sign", json={"ids": ids}, headers=machine | key)
    twice = client.post("/api/v1/certificates/sign", json={"ids": ids}, headers=machine | key)

    assert answer.status_code == 201
    assert [one["number"] for one in answer.json["items"]] == ["V26-00001", "V26-00002"]
    assert twice.json == answer.json
    listed = client.get("/api/v1/certificates?limit=1", headers=machine).json
    assert [one["number"] for one in listed["items"]] == ["V26-00002"]
    assert listed["items"][0]["standing"] == "valid"
    rest = client.get(f"/api/v1/certificates?limit=1&after={listed['next']}", headers=machine).json
    assert ([one["number"] for one in rest["items"]], rest["next"]) == (["V26-00001"], None)
    one = client.get("/api/v1/certificates/V26-00001", headers=machine).json
    assert one["items"][0]["standing"] == "valid"
    assert one["check_url"].endswith(one["code"])
    assert client.get("/api/v1/certificates/V26-00009", headers=machine).status_code == 404


def test_the_bytes_come_when_they_are_printed(app, machine):
    signed(1)
    client = app.test_client()

    early = client.get("/api/v1/certificates/V26-00001.pdf", headers=machine)
    print_all()
    printed = client.get("/api/v1/certificates/V26-00001.pdf", headers=machine)

    assert early.status_code == 503
    assert early.headers["Retry-After"] == "1"
    assert early.json["code"] == "being-printed"
    assert printed.mimetype == "application/pdf"
    assert printed.data.startswith(b"%PDF")


def test_a_machine_replaces_and_withdraws(app, machine):
    signed(1)
    client = app.test_client()

    def send(path, body):
        headers = machine | {"Idempotency-Key": factories.key()}
        return client.post(f"/api/v1/certificates/{path}", json=body, headers=headers)

    new = send("V26-00001/supersede", {"reason": "ghi sai", "changes": {"user": "Sạp 7"}})
    wrong = send("V26-00002/supersede", {"reason": "x", "changes": {"number": "V26-99999"}})
    gone = send("V26-00002/withdraw", {"reason": "sai"})
    again = send("V26-00002/withdraw", {"reason": "sai"})

    assert (new.status_code, new.json["number"]) == (201, "V26-00002")
    assert new.json["replaces"] == "V26-00001"
    assert new.headers["Location"] == "/api/v1/certificates/V26-00002"
    assert wrong.status_code == 422
    assert wrong.json["errors"][0]["pointer"] == "/changes/number"
    assert gone.json["items"][0]["standing"] == "withdrawn"
    assert again.status_code == 409
    old = client.get("/api/v1/certificates/V26-00001", headers=machine).json
    assert (old["replaced_by"], old["items"][0]["standing"]) == ("V26-00002", "superseded")


def test_a_busy_database_does_not_spoil_the_answer(people, client):
    (certificate,) = signed(1)

    @event.listens_for(db.engine(), "before_cursor_execute")
    def refuse(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT"):
            raise OperationalError(statement, {}, TimeoutError("database is locked"))

    assert client.get(f"/c/{certificate.code}").status_code == 200
    event.remove(db.engine(), "before_cursor_execute", refuse)
    assert facts("certificates.looked_up") == 0
