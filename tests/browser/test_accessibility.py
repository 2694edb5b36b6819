"""What axe-core finds: on every page of the site, and in what we add to the admin."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Tab
from tests.browser.pictures import portrait
from tests.browser.test_upload_page import add, choose

PAGES = {
    "gallery": "/",
    "person": "/people/mira-solberg/",
    "articles": "/articles/",
    "article": "/articles/first-snow/",
    "albums": "/albums/",
    "album": "/albums/a-year-outside/",
    "form": "/people/mira-solberg/change/",
    "new": "/add/",
    "picker": "/picker/",
}
UPLOAD: Any = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": portrait(6)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_site_has_a_violation(open_tab: OpenTab, axe: str, page: str, scheme: str):
    tab = open_tab(PAGES[page], color_scheme=scheme)
    tab.shoot(f"{page}_{scheme}", full_page=True)
    assert tab.violations(axe) == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_a_phone(open_tab: OpenTab, page: str):
    tab = open_tab(PAGES[page], size=(360, 740), has_touch=True, is_mobile=True)
    tab.shoot(f"{page}_phone", full_page=True)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_drawn_upload_has_no_violation(open_tab: OpenTab, axe: str):
    tab = open_tab("/add/")
    choose(tab, UPLOAD)
    tab.picker.handle.focus()
    tab.page.keyboard.press("ArrowLeft")
    assert tab.violations(axe) == []


def test_a_form_with_errors_has_no_violation(open_tab: OpenTab, axe: str):
    tab = open_tab("/add/")
    tab.page.get_by_role("button", name="Save", exact=True).click()
    expect(tab.page.locator(".errorlist")).to_be_visible()
    assert tab.violations(axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_we_add_to_the_admin_has_no_violation(open_admin: OpenTab, axe: str, scheme: str):
    tab = open_admin("people/person/add/", color_scheme=scheme)
    choose(tab, UPLOAD)
    assert tab.violations(axe, ".versatileimagefield") == []


def test_a_reader_hears_a_slider_with_a_name_and_a_value(open_tab: OpenTab):
    tab = open_tab("/add/")
    choose(tab, UPLOAD)
    handle = tab.picker.handle
    expect(handle).to_have_accessible_name("Primary Point of Interest")
    expect(handle).to_have_attribute("aria-valuetext", "50% from the left, 50% from the top")
    expect(tab.picker.element.get_by_role("status")).to_have_attribute("aria-live", "polite")


def test_who_wants_less_motion_gets_none(open_tab: OpenTab):
    tab = open_tab("/picker/", reduced_motion="reduce")
    script = "node => getComputedStyle(node).transitionDuration"
    assert tab.picker.bubble.evaluate(script) == "0s"


def test_the_left_of_a_picture_is_its_left_in_every_language(open_tab: OpenTab):
    tab = open_tab("/add/")
    tab.page.evaluate("document.documentElement.dir = 'rtl'")
    choose(tab, UPLOAD)
    tab.picker.click((0.2, 0.3))
    assert tab.picker.point == pytest.approx((0.2, 0.3), abs=0.005)
    tab.picker.handle.focus()
    tab.page.keyboard.press("Home")
    tab.page.keyboard.press("ArrowRight")
    assert tab.picker.point[0] == 0.01
    tab.shoot("right_to_left", full_page=True)


def test_a_focused_handle_is_seen(open_tab: OpenTab):
    tab = open_tab("/picker/")
    tab.page.get_by_label("A photo").focus()
    tab.page.keyboard.press("Tab")
    script = "node => getComputedStyle(node, '::before').outlineStyle"
    assert tab.picker.handle.evaluate(script) == "solid"


def test_the_site_in_the_end(open_tab: OpenTab):
    """Somebody is added, found in the gallery, and shown with every crop around the point."""
    tab: Tab = open_tab("/add/")
    add(tab, "Whole way")
    assert tab.page.locator(".wall img").count() > 5
    tab.shoot("person_added", full_page=True)
