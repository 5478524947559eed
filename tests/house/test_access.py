"""Every route × every role, by HTTP, against the one table in docs/access.md."""

import re
from uuid import UUID

from lims.config import ROOT
from lims.vocabulary import Role

ROW = re.compile(r"\| `(?P<route>[^`]+)` \| (?P<method>\w+) \| (?P<who>[^|]+) \|")
SAMPLES = {"uuid": str(UUID(int=7)), "int": "2026", "string": "X26-00001", "path": "x.pdf"}


def table():
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    return [match.groupdict() for match in ROW.finditer(text)]


def address(route):
    def sample(found):
        kind, _, name = found[1].rpartition(":")
        kind = kind.split("(")[0] or "string"
        return "vi" if name == "locale" else SAMPLES[kind]

    return re.sub(r"<([^>]+)>", sample, route)


def allowed(who):
    if who == "signed in":
        return set(Role)
    return {Role(role) for role in who.split()}


def ask(client, row):
    headers = {"Idempotency-Key": "k"} if row["route"].startswith("/api/") else {}
    return client.open(address(row["route"]), method=row["method"], headers=headers).status_code


def routed(app):
    return {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def wrong_answers(row, nobody, people):
    """Say who was answered otherwise than the table says."""
    who = row["who"].strip()
    answer = ask(nobody, row)
    if who == "public":
        return ["anybody"] if answer in (401, 500) else []
    wrong = [] if answer in (302, 401) else ["nobody signed in"]
    for role, browser in people.items():
        answer = ask(browser, row)
        if (answer != 403) != (role in allowed(who)) or answer == 500:
            wrong.append(f"{role.value} got {answer}")
    return wrong


def test_every_route_lets_in_whom_the_table_says_and_nobody_else(app, signed_in, client):
    rows = table()
    assert {(row["route"], row["method"]) for row in rows} == routed(app), "run `make docs`"
    assert [row for row in rows if row["who"].strip() == "nobody"] == []

    people = {role: signed_in(role) for role in Role}
    rows.sort(key=lambda row: row["route"] == "/logout")  # it ends the sessions: last
    wrong = {
        f"{row['method']} {row['route']}": found
        for row in rows
        if (found := wrong_answers(row, client, people))
    }

    assert wrong == {}
