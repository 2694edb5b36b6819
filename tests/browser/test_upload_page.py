"""The front-end page on which a photo is sent with its point: every way to fill it in."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Tab
from tests.browser.picker import Point
from tests.browser.pictures import SITTER, portrait
from versatile.imaging.geometry import CENTRE

FACE = SITTER.face


def near(point: Point) -> Any:
    return pytest.approx(point, abs=0.005)


def upload(name: str = "photo.jpg", orientation: int = 1) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": portrait(orientation)}


def choose(tab: Tab, file: Any) -> None:
    """Choose a file, and wait until it is drawn."""
    tab.page.locator('input[type="file"]').first.set_input_files(file)
    expect(tab.picker.stage.locator("canvas")).to_be_visible()


def save(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Save", exact=True).click()


def add(tab: Tab, name: str, *, orientation: int = 1, point: Point = FACE) -> None:
    """Add somebody with a photo and a point, and end on their page."""
    tab.page.get_by_label("Name").fill(name)
    choose(tab, upload(orientation=orientation))
    tab.picker.click(point)
    save(tab)
    tab.page.wait_for_url("**/people/**")


def test_the_empty_form_says_what_to_do(open_tab: OpenTab):
    tab = open_tab("/add/")
    expect(tab.picker.element).to_contain_text("Choose a picture")
    tab.shoot("upload_empty", of=tab.main)


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_point_sent_with_a_new_upload_is_saved(open_tab: OpenTab, orientation: int):
    tab = open_tab("/add/")
    name = f"Ylva Lie {orientation}"
    tab.page.get_by_label("Name").fill(name)
    choose(tab, upload(orientation=orientation))
    tab.picker.click(FACE)
    tab.shoot(f"upload_{'rotated' if orientation > 1 else 'new'}", of=tab.main)
    save(tab)
    tab.page.wait_for_url("**/people/**")
    assert tab.site.point(name) == near(FACE)
    tab.open("/").page.get_by_role("link", name=name).first.wait_for()


def test_an_upload_without_a_move_is_in_the_middle(open_tab: OpenTab):
    tab = open_tab("/add/")
    tab.page.get_by_label("Name").fill("Unmoved")
    choose(tab, upload())
    save(tab)
    tab.page.wait_for_url("**/people/**")
    assert tab.site.point("Unmoved") == CENTRE


def test_a_stored_photo_shows_its_point_and_takes_another(open_tab: OpenTab):
    tab = open_tab("/add/")
    add(tab, "Freya Lund", orientation=6)
    tab.open(f"{tab.page.url}change/")
    assert tab.picker.point == near(FACE)
    expect(tab.picker.stage.locator("img")).to_be_visible()
    box = tab.picker.box()
    assert box["width"] / box["height"] == pytest.approx(4 / 3, abs=0.01)
    tab.shoot("change", of=tab.main)
    tab.picker.click((0.9, 0.1))
    save(tab)
    tab.page.wait_for_url("**/people/freya-lund/")
    assert tab.site.point("Freya Lund") == near((0.9, 0.1))


def test_a_new_photo_in_place_of_a_stored_one_takes_the_new_point(open_tab: OpenTab):
    tab = open_tab("/add/")
    add(tab, "Maja Holt")
    tab.open(f"{tab.page.url}change/")
    choose(tab, upload("other.jpg", orientation=6))
    tab.picker.click((0.6, 0.2))
    tab.shoot("replace", of=tab.main)
    save(tab)
    tab.page.wait_for_url("**/people/maja-holt/")
    assert tab.site.point("Maja Holt") == near((0.6, 0.2))
    ((file,),) = tab.site.ask("SELECT headshot FROM people_person WHERE name = 'Maja Holt'")
    assert "other" in str(file)


def test_a_cleared_photo_is_gone(open_tab: OpenTab):
    tab = open_tab("/add/")
    add(tab, "Runa Moe")
    tab.open(f"{tab.page.url}change/")
    tab.page.locator('input[name="headshot_0-clear"]').check()
    tab.shoot("clear", of=tab.main)
    save(tab)
    tab.page.wait_for_url("**/people/runa-moe/")
    assert tab.site.ask("SELECT headshot FROM people_person WHERE name = 'Runa Moe'") == [("",)]


def test_after_a_validation_error_the_point_is_kept(open_tab: OpenTab):
    tab = open_tab("/add/")
    add(tab, "Tove Dahl")
    tab.open(f"{tab.page.url}change/")
    tab.page.get_by_label("Name").fill("")
    tab.picker.click((0.8, 0.25))
    save(tab)
    expect(tab.page.get_by_text("This field is required.")).to_be_visible()
    assert tab.picker.point == near((0.8, 0.25))
    expect(tab.picker.stage.locator("img")).to_be_visible()
    tab.shoot("validation_error", of=tab.main)
    tab.page.get_by_label("Name").fill("Tove Dahl")
    save(tab)
    tab.page.wait_for_url("**/people/tove-dahl/")
    assert tab.site.point("Tove Dahl") == near((0.8, 0.25))


def test_after_a_validation_error_a_new_upload_has_to_be_chosen_again_and_its_point_not(
    open_tab: OpenTab,
):
    tab = open_tab("/add/")
    choose(tab, upload())
    tab.picker.click(FACE)
    save(tab)
    expect(tab.page.get_by_text("This field is required.")).to_be_visible()
    tab.page.get_by_label("Name").fill("Una Vik")
    choose(tab, upload())
    assert tab.picker.point == near(FACE)
    save(tab)
    tab.page.wait_for_url("**/people/una-vik/")
    assert tab.site.point("Una Vik") == near(FACE)


def test_a_file_that_is_no_picture_is_an_error_beside_the_field(open_tab: OpenTab):
    tab = open_tab("/add/")
    tab.page.get_by_label("Name").fill("Siri Berg")
    file: Any = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    tab.page.locator('input[type="file"]').first.set_input_files(file)
    expect(tab.picker.element).to_have_attribute("data-state", "unreadable")
    tab.shoot("unreadable", of=tab.main)
    save(tab)
    expect(tab.page.locator(".errorlist")).to_contain_text("no picture of a known format")
    assert tab.site.ask("SELECT 1 FROM people_person WHERE name = 'Siri Berg'") == []


def test_the_numbers_set_the_point_too(open_tab: OpenTab):
    tab = open_tab("/add/")
    tab.page.get_by_label("Name").fill("Typed")
    choose(tab, upload())
    for axis, number in (("x", "0.125"), ("y", "0.875")):
        tab.picker.element.locator(f'input[data-axis="{axis}"]').fill(number)
    assert tab.picker.point == (0.125, 0.875)
    save(tab)
    tab.page.wait_for_url("**/people/typed/")
    assert tab.site.point("Typed") == (0.125, 0.875)


def test_tab_goes_from_the_name_through_the_picker_to_the_button(open_tab: OpenTab):
    tab = open_tab("/add/")
    choose(tab, upload())
    tab.page.get_by_label("Name").focus()
    seen: list[str] = []
    for _ in range(12):
        tab.page.keyboard.press("Tab")
        seen.append(tab.page.evaluate(WHAT_HAS_FOCUS))
        if seen[-1] == "slider":
            tab.shoot("focus", of=tab.picker.element)
        if seen[-1] == "Save":
            break
    assert seen[0] == "role"
    assert seen.index("headshot_0") < seen.index("Save")
    assert seen.index("slider") < seen.index("Reset to the center") < seen.index("Save")
    assert seen[-1] == "Save"


WHAT_HAS_FOCUS = """() => {
  const node = document.activeElement;
  return node.getAttribute("role") || node.name || node.textContent.trim();
}"""


def test_without_javascript_two_numbers_are_the_point(open_tab: OpenTab):
    tab = open_tab("/add/", java_script_enabled=False)
    page = tab.page
    page.get_by_label("Name").fill("Liv Aas")
    page.locator('input[type="file"]').set_input_files(upload())
    x, y = page.locator('input[type="number"]').all()
    x.fill("0.2")
    y.fill("0.8")
    tab.shoot("no_javascript", of=tab.main)
    save(tab)
    page.wait_for_url("**/people/liv-aas/")
    assert tab.site.point("Liv Aas") == (0.2, 0.8)


def test_every_page_forbids_what_is_inline(open_tab: OpenTab):
    tab = open_tab("/add/")
    for address in ("/", "/add/", "/picker/", "/albums/", "/articles/"):
        response = tab.page.goto(address)
        assert response is not None
        assert response.headers["content-security-policy"] == "default-src 'self'"


def test_no_address_of_the_picker_is_a_blob_or_data(open_tab: OpenTab):
    tab = open_tab("/add/")
    addresses: list[str] = []
    tab.page.on("request", lambda request: addresses.append(request.url))
    choose(tab, upload())
    tab.picker.drag(CENTRE, FACE)
    assert [address for address in addresses if not address.startswith("http")] == []
    assert "blob:" not in tab.page.content()
    assert "data:" not in tab.page.content()
