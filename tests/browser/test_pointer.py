"""Mouse, finger and keys on a picker that stands on a page without a form."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenTab, Tab
from tests.browser.picker import Point

CENTRE = (0.5, 0.5)
NEAR = 0.005


def near(point: Point) -> Any:
    return pytest.approx(point, abs=NEAR)


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    return open_tab("/picker/")


def test_it_begins_where_the_page_says(tab: Tab):
    assert tab.picker.point == CENTRE
    tab.shoot("picker_alone", of=tab.picker.element)


def test_a_click_moves_the_point(tab: Tab):
    tab.picker.click((0.2, 0.7))
    assert tab.picker.point == near((0.2, 0.7))
    expect(tab.page.locator("#point")).to_have_text(tab.picker.element.get_attribute("value") or "")


def test_it_writes_four_decimals(tab: Tab):
    tab.picker.click((1 / 3, 2 / 3))
    value = tab.picker.element.get_attribute("value") or ""
    assert re.fullmatch(r"0\.\d{4}x0\.\d{4}", value)


def test_a_drag_takes_the_point_along_and_shows_where_it_is(tab: Tab):
    picker = tab.picker
    tab.page.mouse.move(*picker.at(CENTRE))
    tab.page.mouse.down()
    tab.page.mouse.move(*picker.at((0.75, 0.25)), steps=8)
    assert picker.point == near((0.75, 0.25))
    expect(picker.bubble).to_be_visible()
    expect(picker.bubble).to_contain_text("75")
    tab.shoot("drag")
    tab.page.mouse.up()
    assert picker.point == near((0.75, 0.25))


def test_a_drag_out_of_the_picture_stays_at_its_edge(tab: Tab):
    tab.picker.drag(CENTRE, (1.1, -0.2))
    assert tab.picker.point == (1, 0)


def test_the_other_mouse_button_moves_nothing(tab: Tab):
    tab.page.mouse.click(*tab.picker.at((0.2, 0.2)), button="right")
    assert tab.picker.point == CENTRE


def test_a_pen_moves_the_point(tab: Tab):
    session = tab.page.context.new_cdp_session(tab.page)
    x, y = tab.picker.at((0.3, 0.2))
    pen = {"x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1, "pointerType": "pen"}
    for kind in ("mousePressed", "mouseReleased"):
        session.send("Input.dispatchMouseEvent", {"type": kind, **pen})
    assert tab.picker.point == near((0.3, 0.2))


def test_a_finger_moves_the_point(open_tab: OpenTab):
    tab = open_tab("/picker/", size=(390, 844), has_touch=True, is_mobile=True)
    tab.page.touchscreen.tap(*tab.picker.at((0.3, 0.8)))
    assert tab.picker.point == near((0.3, 0.8))
    tab.shoot("touch")


def test_a_finger_drags_the_handle(open_tab: OpenTab):
    tab = open_tab("/picker/", size=(390, 844), has_touch=True, is_mobile=True)
    swipe(tab.page, *(tab.picker.at(point) for point in (CENTRE, (0.4, 0.4), (0.2, 0.3))))
    assert tab.picker.point == near((0.2, 0.3))


def test_a_finger_beside_the_handle_scrolls_the_page(open_tab: OpenTab):
    tab = open_tab("/picker/", size=(390, 400), has_touch=True, is_mobile=True)
    tab.picker.box()
    before = tab.page.evaluate("scrollY")
    start, end = tab.picker.at((0.2, 0.45)), tab.picker.at((0.2, 0.05))
    swipe(tab.page, start, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), end)
    tab.page.wait_for_function("before => scrollY > before", arg=before)
    assert tab.picker.point == CENTRE


def swipe(page: Page, *spots: Point) -> None:
    """A finger put down, moved and lifted, as the screen itself would tell."""
    session = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(spots):
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize(
    ("keys", "point"),
    [
        (["ArrowRight"], (0.51, 0.5)),
        (["ArrowLeft", "ArrowUp"], (0.49, 0.49)),
        (["Shift+ArrowDown"], (0.5, 0.6)),
        (["Shift+ArrowLeft"], (0.4, 0.5)),
        (["Home"], (0, 0.5)),
        (["End"], (1, 0.5)),
        (["PageUp"], (0.5, 0)),
        (["PageDown"], (0.5, 1)),
        (["End", "ArrowRight"], (1, 0.5)),
        (["Control+ArrowRight"], CENTRE),
    ],
)
def test_keys_move_the_point(tab: Tab, keys: list[str], point: Point):
    tab.picker.handle.focus()
    for key in keys:
        tab.page.keyboard.press(key)
    assert tab.picker.point == point


def test_a_nudge_shows_and_tells_the_coordinates(tab: Tab):
    handle = tab.picker.handle
    handle.focus()
    tab.page.keyboard.press("Shift+ArrowRight")
    expect(tab.picker.bubble).to_be_visible()
    expect(tab.picker.bubble).to_have_text("60% · 50%")
    expect(handle).to_have_attribute("aria-valuetext", "60% from the left, 50% from the top")
    expect(handle).to_have_attribute("aria-valuenow", "60")
    tab.shoot("nudge", of=tab.picker.element)


def test_a_double_click_goes_back_to_the_centre(tab: Tab):
    tab.page.mouse.dblclick(*tab.picker.at((0.1, 0.9)))
    assert tab.picker.point == CENTRE


def test_the_button_goes_back_to_the_centre(tab: Tab):
    tab.picker.click((0.1, 0.9))
    tab.picker.reset.click()
    assert tab.picker.point == CENTRE
    expect(tab.picker.element.get_by_role("status")).to_contain_text("50%")


def test_the_previews_follow_while_the_point_moves(tab: Tab):
    before = tab.picker.positions()
    assert len(before) == 4
    tab.picker.drag(CENTRE, (0, 0))
    assert tab.picker.positions() != before
    for position in tab.picker.positions():
        assert set(position.split()) <= {"0%", "50%"}


def test_the_element_tells_of_moves_and_of_the_end_of_a_move(tab: Tab):
    tab.page.evaluate(
        """() => {
          window.heard = [];
          for (const type of ["input", "change"]) {
            document.addEventListener(type, (event) => heard.push(type));
          }
        }"""
    )
    tab.picker.drag(CENTRE, (0.3, 0.3))
    heard = tab.page.evaluate("heard")
    assert heard.count("input") > 1
    assert heard[-1] == "change"
    assert heard.count("change") == 1


def test_a_script_sets_and_resets_the_point(tab: Tab):
    element = tab.picker.element
    element.evaluate("node => { node.value = '0.1x0.2'; }")
    assert tab.picker.point == (0.1, 0.2)
    assert element.evaluate("node => node.point") == {"x": 0.1, "y": 0.2}
    element.evaluate("node => node.reset()")
    assert tab.picker.point == CENTRE
