from lims.vocabulary import Role

NEW = {"code": "tbt", "name_vi": "Tin cảnh báo TBT", "name_en": "TBT notices"}


def test_an_activity_is_named_counted_and_summed(signed_in):
    director = signed_in(Role.DIRECTOR)
    shown = director.post("/indicators/new", data=NEW).location

    answer = director.post(shown, data={"counted_on": "03/03/2026", "quantity": "65"})

    assert answer.status_code == 303
    assert "65" in director.get(shown).text
    assert ">65<" in director.get("/indicators?year=2026").text


def test_what_cannot_be_counted_comes_back_beside_its_field(signed_in):
    director = signed_in(Role.DIRECTOR)
    shown = director.post("/indicators/new", data=NEW).location

    page = director.post(shown, data={"counted_on": "2026-03-03", "quantity": "-4"})

    assert page.status_code == 422
    assert 'value="-4"' in page.text
    assert "lý do" in page.text


def test_an_inspector_looks_but_does_not_count(signed_in):
    inspector = signed_in(Role.INSPECTOR)

    assert inspector.get("/indicators").status_code == 200
    assert inspector.get("/indicators/new").status_code == 403
