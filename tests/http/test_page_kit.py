"""The page kit: what was typed comes back, errors stand by their fields, help is there for all."""

import pytest
from flask import Flask, g, render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict

from lims.vocabulary import Discipline, ItemState, Role

KIT = (
    '{% from "_forms.html" import form, field, area, select, choice, check, lookup, cell,'
    " submit, button_form with context %}"
    '{% from "_tables.html" import badge, money, pager, pick with context %}'
)


@pytest.fixture
def drawn(app: Flask):
    """Draw a snippet of a template as a page that was just asked for, or that came back."""

    def draw(snippet: str, *, typed=(), errors=None, path="/", **context):
        with app.test_request_context(path):
            if typed:
                g.typed, g.errors = MultiDict(typed), errors or {}
            return html.fromstring(f"<div>{render_template_string(KIT + snippet, **context)}</div>")

    return draw


def test_a_form_that_comes_back_shows_what_was_typed_and_the_error_by_its_field(drawn):
    page = drawn(
        '{{ field("serial", "Serial", value="A1", hint="On the plate") }}',
        typed=[("serial", '"><b>')],
        errors={"serial": ["Too odd."]},
    )

    box = page.find(".//input")
    said = [
        page.get_element_by_id(one).text_content() for one in box.get("aria-describedby").split()
    ]

    assert box.value == '"><b>'
    assert box.get("aria-invalid") == "true"
    assert [one.strip() for one in said] == ["Too odd.", "On the plate"]


def test_a_password_is_never_shown_again(drawn):
    page = drawn(
        '{{ field("password", "Password", type="password") }}', typed=[("password", "secret")]
    )

    assert page.find(".//input").get("value") is None


def test_what_was_chosen_stays_chosen(drawn):
    page = drawn(
        '{{ select("kind", "Kind", [("a", "A"), ("b", "B")], value="a") }}'
        '{{ choice("place", "Place", [("x", "X"), ("y", "Y")], value="x") }}'
        '{{ check("roles", "One", value="one", checked=True) }}'
        '{{ check("roles", "Two", value="two") }}',
        typed=[("kind", "b"), ("place", "y"), ("roles", "two")],
    )

    assert page.find(".//select").value == "b"
    assert page.xpath("//input[@checked]/@value") == ["y", "two"]


def test_a_row_of_a_batch_has_its_own_error(drawn):
    page = drawn(
        '{% for n in range(2) %}{{ cell("items.%d.serial"|format(n), "Serial") }}{% endfor %}',
        typed=[("items.0.serial", "A"), ("items.1.serial", "A")],
        errors={"items.1.serial": ["Twice."]},
    )

    assert page.xpath("//*[@aria-invalid]/@id") == ["f-items-1-serial"]


def test_a_form_goes_to_the_page_that_shows_it_with_a_fresh_key(drawn):
    page = drawn('{% call form() %}{{ submit("Save") }}{% endcall %}')

    (form,) = page.forms
    assert form.get("action") is None
    assert len(form.fields["_key"]) == len("00000000-0000-0000-0000-000000000000")


def test_a_lookup_without_javascript_sends_the_text_and_no_stale_id(drawn):
    page = drawn('{{ lookup("customer", "Customer", "/find", value="7", shown="Minh Phát") }}')

    text, hidden = page.xpath("//input")
    assert (text.name, text.value) == ("customer_text", "Minh Phát")
    assert (hidden.name, hidden.get("value"), hidden.get("data-value")) == ("customer", None, "7")


def test_the_colour_of_a_state_follows_its_meaning(drawn):
    page = drawn(
        "{% for one in states %}{{ badge(one) }}{% endfor %}",
        states=[ItemState.AUTHORISED, ItemState.SUBMITTED, ItemState.CANCELLED, Discipline.TESTING],
    )

    assert [one.get("class").split()[1] for one in page.find_class("state")] == [
        "is-good",
        "is-wait",
        "is-off",
        "is-info",
    ]


def test_the_next_page_keeps_what_was_asked_for(drawn):
    page = drawn('{{ pager("k2") }}', path="/items?q=a%26b&after=k1")

    assert page.xpath("//a/@href") == ["/items?q=a%26b", "/items?q=a%26b&after=k2"]


@pytest.mark.parametrize("topic", ["", "/flow", "/reception", "/keyboard"])
def test_help_is_open_to_everybody(client, topic):
    answer = client.get(f"/help{topic}")

    assert answer.status_code == 200
    assert "<h1>" in answer.text


def test_the_pages_for_ones_own_work_come_first(signed_in):
    page = html.fromstring(signed_in(Role.SIGNATORY).get("/help").text)

    own = page.xpath("//nav[contains(@class, 'help-topics')]/ul[1]//a/@href")

    assert own == ["/help/flow", "/help/signatory", "/help/keyboard"]


def test_a_page_the_guide_does_not_have_is_not_found(client):
    assert client.get("/help/nothing").status_code == 404


def test_the_language_switch_comes_back_to_the_same_page(client):
    page = html.fromstring(client.get("/help/reception?x=1").text)

    (form,) = [one for one in page.forms if one.action == "/language"]

    assert form.fields["next"] == "/help/reception?x=1"
