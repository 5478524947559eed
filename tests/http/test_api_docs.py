from lims.vocabulary import Role


def test_people_read_what_machines_may_ask(client):
    page = client.get("/api/v1/docs")

    assert page.status_code == 200
    assert "POST /api/v1/orders" in page.text
    assert "items[].serial" in page.text
    assert "each | list" in page.text
    assert Role.RECEPTION.value in page.text


def test_every_operation_of_the_description_stands_on_the_page(client):
    described = client.get("/api/v1/openapi.json").json
    page = client.get("/api/v1/docs").text

    for path, operations in described["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "patch"}:
            assert f"{method.upper()} {path}" in page
