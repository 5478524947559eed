import re

METHODS = {"get", "post", "put", "patch", "delete"}


def test_people_read_the_description_that_machines_read(client):
    page = client.get("/api/v1/docs")

    assert page.status_code == 200
    assert 'data-description="/api/v1/openapi.json"' in page.text
    assert client.get("/api/v1/openapi.json").json["openapi"] == "3.1.0"


def test_what_draws_the_page_is_served_by_the_centre_itself(client):
    page = client.get("/api/v1/docs").text

    files = re.findall(r'(?:src|href)="(/static/[^"]*(?:swagger-ui|api_docs)[^"]*)"', page)

    assert len(files) == 4
    for file in files:
        with client.get(file) as answer:
            assert answer.status_code == 200, file


def test_every_operation_says_its_part_and_who_may_ask_it(client):
    described = client.get("/api/v1/openapi.json").json
    parts = {tag["name"] for tag in described["tags"]}

    operations = {
        f"{method} {path}": operation
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }

    assert operations["post /api/v1/orders"]["description"] == "Who may ask: reception."
    assert operations["get /api/v1/customers"]["description"] == "Who may ask: signed in."
    assert {tuple(operation["tags"]) for operation in operations.values()} == {
        (part,) for part in parts
    }
    assert all(operation["description"] for operation in operations.values())
    assert not [part for part in parts if part.endswith("_api")]
