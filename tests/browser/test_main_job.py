"""The main job in a real browser: forty market scales of 25 stallholders, through all roles."""

import re

from playwright.sync_api import expect

LIST = "\n".join(f"A{n:03}\tHộ {n % 25 + 1}\tSạp {n}" for n in range(1, 41))
REASON = "Sai số vượt mức cho phép"


def register_forty(clerk):
    clerk.begin()
    clerk.click('main a[href="/reception/orders/new"]')
    clerk.type("#f-requester_id", "rach gia", enter=True)
    expect(clerk.page.locator("#f-requester_id")).to_have_value("Ban quản lý chợ Rạch Giá")
    expect(clerk.page.locator("[name=contract_id]")).to_be_visible()
    clerk.type("#f-blocks-0-service_id", "dong ho lo xo 30", enter=True)
    clerk.type("#f-blocks-0-serials", LIST)
    clerk.click("label:has(input[name=place][value=site])")
    clerk.click("label:has(input[name=certificate_mode][value=list])")
    clerk.photograph("new-order")
    clerk.click("button[data-main]")
    clerk.sees_print()
    clerk.sees("A040")
    assert clerk.actions <= 9, f"{clerk.actions} actions for 40 items"
    clerk.photograph("order")
    return clerk.id_in_address


def record_all_but_two(clerk):
    clerk.begin()
    clerk.click("main .panel li a[href*='/bench/orders/']")
    for serial in ("A007", "A031"):
        clerk.type("#except", serial, enter=True)
        clerk.type(f"tr[data-serial={serial}] [data-reason]", REASON)
    clerk.photograph("all-pass-except")
    clerk.click("button[data-main]")
    clerk.sees("")
    assert clerk.actions <= 9, f"{clerk.actions} actions for 38 pass and 2 fail"


def check(clerk):
    clerk.begin()
    clerk.click("main a[href='/review']")
    clerk.photograph("review")
    unticked = clerk.page.locator("table input[name=ids]:not(:checked)")
    while unticked.count():
        clerk.click("table input[name=ids]:not(:checked)")
    clerk.click("button[data-main]")
    assert clerk.actions <= 4, f"{clerk.actions} actions to check the batch"


def sign(clerk):
    clerk.begin()
    clerk.click("main a[href^='/certificates/sign']")
    clerk.photograph("sign")
    clerk.click("button[data-main]")
    assert clerk.actions <= 4, f"{clerk.actions} actions to sign the batch"
    clerk.open("/certificates")
    clerk.sees("-00001")


def eventually(clerk, path, selector):
    """Look again until the workers have done what follows."""
    for _ in range(60):
        clerk.open(path)
        if clerk.page.locator(selector).count():
            return
        clerk.page.wait_for_timeout(250)
    raise AssertionError(f"{selector} never came to {path}")


def invoice_and_pay(clerk):
    eventually(clerk, "/billing", "main a[href^='/billing/invoices/pick']")
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.click("main a[href^='/billing/invoices/pick']")
    clerk.click("button[data-main]")
    clerk.sees("1.260.000")
    clerk.click("main form[action$='/issue'] button")
    clerk.sees("1.260.000")
    clerk.photograph("invoice")
    clerk.click("main a[href$='/pay']")
    clerk.click("label:has(input[name=means][value=bank])")
    clerk.click("button[data-main]")
    clerk.sees("1.260.000")


def hand_over(clerk, order):
    clerk.open(f"/reception/orders/{order}/hand-over")
    clerk.click("button[data-main]")
    clerk.open(f"/reception/orders/{order}")
    clerk.sees("đã trả")


def look_at_the_month(clerk):
    eventually(clerk, "/tallies", "a[href*='measure=passed']")
    clerk.photograph("month")
    passed = clerk.page.locator("a[href*='measure=passed']").first
    assert passed.inner_text() == "38"
    failed = clerk.page.locator("a[href*='measure=failed']").first
    assert failed.inner_text() == "2"
    passed.click()
    clerk.sees("A001")
    clerk.open("/billing/money")
    clerk.sees("1.260.000")


def test_forty_market_scales_go_through_all_roles(seat, deployment, capsys):
    order = register_forty(seat("tiepnhan"))
    record_all_but_two(seat("kiemdinh"))
    check(seat("soatlai"))
    sign(seat("giamdoc"))
    invoice_and_pay(seat("ketoan"))
    hand_over(seat("tiepnhan"), order)
    look_at_the_month(seat("sep"))

    verified = deployment.place.lims("log", "verify")
    compared = deployment.place.lims("tally", "rebuild", "--check")
    with capsys.disabled():
        print(f"\n{deployment.kind}: {verified.stdout.strip()} {compared.stdout.strip()}")  # noqa: T201
    assert verified.returncode == 0, verified.stderr
    assert compared.returncode == 0, compared.stderr
    assert re.search(r"\d+ facts, the chain holds", verified.stdout)
