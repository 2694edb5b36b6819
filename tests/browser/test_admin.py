"""The picker in Django's admin: inlines, closed fieldsets, two pictures of one form, dark mode."""

import itertools
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from people.photos import CAST
from tests.browser.conftest import OpenTab, Tab
from tests.browser.picker import Picker, Point, picker_in
from tests.browser.pictures import SITTER, portrait
from tests.browser.site import VIEWER

ADD = "albums/album/add/"
numbers = itertools.count(1)


def near(point: Point) -> Any:
    return pytest.approx(point, abs=0.005)


def choose(place: Locator, *, orientation: int = 1) -> Picker:
    """Choose a file in a part of the page; its picker, when it has drawn the picture."""
    file: Any = {
        "name": f"{orientation}.jpg",
        "mimeType": "image/jpeg",
        "buffer": portrait(orientation),
    }
    place.locator('input[type="file"]').set_input_files(file)
    picker = picker_in(place)
    expect(picker.stage.locator("canvas")).to_be_visible()
    return picker


def row(tab: Tab, name: str) -> Locator:
    """The row of a field."""
    return tab.page.locator(f".form-row.field-{name}")


@pytest.fixture
def tab(open_admin: OpenTab) -> Tab:
    """The form of a new album that lacks nothing."""
    tab = open_admin(ADD)
    tab.page.get_by_label("Title").fill(f"Album {next(numbers)}")
    choose(row(tab, "cover"))
    return tab


def save(tab: Tab) -> str:
    """Save, stay on the form, and the number of the album."""
    tab.page.get_by_role("button", name="Save and continue editing").click()
    tab.page.wait_for_url("**/change/")
    expect(tab.page.locator(".messagelist .success")).to_be_visible()
    return tab.page.url.split("/")[-3]


def point(tab: Tab, column: str, table: str, key: str) -> Point:
    """A stored point of the album's, or of the only row that hangs on it."""
    where = "id" if table == "albums_album" else "album_id"
    ((text,),) = tab.site.ask(f"SELECT {column}_ppoi FROM {table} WHERE {where} = ?", key)
    x, y = str(text).split("x")
    return float(x), float(y)


def test_the_point_of_a_first_upload_is_saved(tab: Tab):
    picker_in(row(tab, "cover")).click(SITTER.face)
    tab.shoot("admin_add", of=tab.main)
    assert point(tab, "cover", "albums_album", save(tab)) == near(SITTER.face)
    tab.shoot("admin_change", of=tab.main)


def test_a_closed_fieldset_opens_with_a_picker_that_works(tab: Tab):
    band = row(tab, "band")
    expect(band).not_to_be_visible()
    tab.shoot("admin_closed", of=tab.main)
    tab.page.get_by_text("Above the page", exact=True).click()
    picker = choose(band, orientation=6)
    picker.click((0.7, 0.3))
    tab.shoot("admin_two_pickers", of=tab.main)
    assert point(tab, "band", "albums_album", save(tab)) == near((0.7, 0.3))


def test_a_stored_picture_in_a_closed_fieldset_can_be_pointed_at(tab: Tab):
    tab.page.get_by_text("Above the page", exact=True).click()
    choose(row(tab, "band"))
    save(tab)
    expect(row(tab, "band")).not_to_be_visible()
    tab.page.get_by_text("Above the page", exact=True).click()
    picker_in(row(tab, "band")).click((0.1, 0.8))
    assert point(tab, "band", "albums_album", save(tab)) == near((0.1, 0.8))


def test_two_pickers_of_a_page_do_not_know_of_each_other(tab: Tab):
    tab.page.get_by_text("Above the page", exact=True).click()
    cover, band = picker_in(row(tab, "cover")), choose(row(tab, "band"))
    cover.click((0.2, 0.2))
    band.click((0.8, 0.8))
    assert (cover.point, band.point) == (near((0.2, 0.2)), near((0.8, 0.8)))
    key = save(tab)
    assert point(tab, "cover", "albums_album", key) == near((0.2, 0.2))
    assert point(tab, "band", "albums_album", key) == near((0.8, 0.8))


INLINES = {"picture": "albums_picture", "postcard": "albums_postcard"}


def add_row(tab: Tab, kind: str) -> Locator:
    """Add another inline by the admin's own script; the row."""
    tab.page.get_by_text(f"Add another {kind.title()}").click()
    return tab.page.locator(f"#{kind}s-0")


@pytest.mark.parametrize("kind", INLINES)
def test_a_row_that_a_script_adds_has_a_picker_that_works(tab: Tab, kind: str):
    added = add_row(tab, kind)
    picker = choose(added, orientation=6)
    picker.click((0.25, 0.75))
    tab.shoot(f"admin_inline_{kind}", of=tab.page.locator(f"#{kind}s-group"))
    key = save(tab)
    assert point(tab, "image", INLINES[kind], key) == near((0.25, 0.75))


@pytest.mark.parametrize("kind", INLINES)
def test_a_moved_point_alone_saves_the_row(tab: Tab, kind: str):
    choose(add_row(tab, kind))
    save(tab)
    picker_in(tab.page.locator(f"#{kind}s-0")).click((0.9, 0.15))
    assert point(tab, "image", INLINES[kind], save(tab)) == near((0.9, 0.15))


def test_rows_that_are_numbered_anew_keep_their_pickers(tab: Tab):
    first = add_row(tab, "picture")
    choose(first)
    tab.page.get_by_text("Add another Picture").click()
    second = tab.page.locator("#pictures-1")
    second.get_by_role("textbox").first.fill("The second")
    first.get_by_text("Remove").click()
    # What was the second row is the first now, and a new one gets its old number.
    tab.page.get_by_text("Add another Picture").click()
    sliders = tab.page.locator(".dynamic-pictures [role=slider]")
    helps = [handle.get_attribute("aria-describedby") or "" for handle in sliders.all()]
    assert len(set(helps)) == 2
    for name in helps:
        expect(tab.page.locator(f"#{name}")).to_contain_text("Arrow keys")
    picker = choose(tab.page.locator("#pictures-0"))
    picker.click((0.35, 0.2))
    assert point(tab, "image", "albums_picture", save(tab)) == near((0.35, 0.2))


def test_after_a_validation_error_points_are_kept(tab: Tab):
    choose(add_row(tab, "picture"))
    save(tab)
    inline = tab.page.locator("#pictures-0")
    picker_in(row(tab, "cover")).click((0.15, 0.85))
    picker_in(inline).click((0.65, 0.35))
    tab.page.get_by_label("Title").fill("")
    tab.page.get_by_role("button", name="Save and continue editing").click()
    expect(tab.page.locator(".errornote")).to_be_visible()
    assert picker_in(row(tab, "cover")).point == near((0.15, 0.85))
    assert picker_in(tab.page.locator("#pictures-0")).point == near((0.65, 0.35))
    tab.shoot("admin_error", of=tab.main)


def test_the_picker_follows_the_dark_theme_of_the_admin(open_admin: OpenTab):
    tab = open_admin(ADD, color_scheme="dark")
    choose(row(tab, "cover"))
    text = tab.picker.element.locator("label").first
    colour = text.evaluate("node => getComputedStyle(node).color")
    assert min(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) > 150
    tab.shoot("admin_dark", of=tab.main)


@pytest.mark.parametrize(("model", "name"), [("people/person", "people"), ("articles/article", "")])
def test_lists_show_pictures_of_known_sides(open_admin: OpenTab, axe: str, model: str, name: str):
    # Other tests have added people, of whom the picture must not tell.
    tab = open_admin(f"{model}/?id__lte={len(CAST)}")
    cells = tab.page.locator("#result_list img")
    cells.first.wait_for()
    shapes = cells.evaluate_all("images => images.map(i => [i.width, i.height, i.loading])")
    assert len(shapes) >= 4
    assert shapes == [[80, 80, "lazy"]] * len(shapes)
    assert tab.violations(axe, "#result_list tbody td img") == []
    if name:
        tab.shoot(f"admin_{name}", of=tab.page.locator("#changelist-form"))


def test_who_may_only_view_sees_the_picture_and_its_point(open_admin: OpenTab):
    tab = open_admin("albums/album/1/change/", user=VIEWER)
    expect(row(tab, "cover")).to_contain_text("Point of interest: 66% from the left")
    expect(row(tab, "cover").locator("img")).to_be_visible()
    expect(tab.page.locator("versatile-ppoi")).to_have_count(0)
    tab.shoot("admin_view", of=row(tab, "cover"))


def test_on_a_phone_nothing_is_wider_than_the_screen(open_admin: OpenTab):
    tab = open_admin(ADD, size=(390, 844), has_touch=True, is_mobile=True)
    choose(row(tab, "cover"))
    box = tab.picker.box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    tab.shoot("admin_phone", full_page=True)


@pytest.mark.parametrize("width", [390, 900])
def test_a_row_has_a_picture_to_point_at_on_a_narrow_screen(open_admin: OpenTab, width: int):
    tab = open_admin(ADD, size=(width, 844))
    for kind in INLINES:
        picker = choose(add_row(tab, kind))
        assert picker.box()["width"] > 200
        picker.click((0.2, 0.3))
        assert picker.point == near((0.2, 0.3))
