"""The custom element by itself: what a page of anybody's may do with it."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenTab, Tab
from tests.browser.picker import Point
from tests.browser.pictures import marked_photo
from versatile.imaging.geometry import Size, crop_box

STORED = "/static/people/picker.js"  # any address of the site that is no picture


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    return open_tab("/picker/")


def add(tab: Tab, attributes: str = "", children: str = "") -> Locator:
    """A picker in a form at the end of the page, with a file input and a box beside it."""
    tab.page.evaluate(
        """(html) => {
          const form = document.createElement("form");
          form.id = "mine";
          form.innerHTML = html;
          document.querySelector("main").append(form);
        }""",
        f"""<label>File <input type="file" id="file" name="photo_0"></label>
        <label><input type="checkbox" name="photo_0-clear"> Clear</label>
        <versatile-ppoi name="photo_1" for="file" {attributes}>{children}</versatile-ppoi>
        <button type="reset">Undo</button>""",
    )
    return tab.page.locator("#mine versatile-ppoi")


def plain_photo(size: tuple[int, int]) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG")
    return file.getvalue()


def choose(tab: Tab, content: bytes, name: str = "photo.jpg") -> None:
    file: Any = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    tab.page.locator("#file").set_input_files(file)


def sent(tab: Tab) -> dict[str, str]:
    script = "form => Object.fromEntries([...new FormData(form)].filter(([, v]) => !v.name))"
    found: dict[str, str] = tab.page.locator("#mine").evaluate(script)
    found.pop("photo_0", None)
    return found


@pytest.mark.parametrize("point", [(0.0, 0.0), (0.2, 0.3), (0.5, 0.5), (0.61, 0.87), (1.0, 1.0)])
def test_a_preview_shows_what_the_crop_will_be(tab: Tab, point: Point):
    sizes = ["400x300", "1200x300", "90x160", "100x100", "640x480"]
    crops = "".join(f'<span data-crop="{size}"></span>' for size in sizes)
    picker = add(tab, f'value="{point[0]}x{point[1]}"', crops)
    choose(tab, marked_photo(point))
    expect(picker).to_have_attribute("data-state", "ready")
    script = "nodes => nodes.map(node => getComputedStyle(node).objectPosition)"
    positions = picker.locator("[data-crop] canvas").evaluate_all(script)
    whole = Size(1200, 900)
    for size, position in zip(sizes, positions, strict=True):
        bounds = Size(*map(int, size.split("x")))
        box = crop_box(whole, bounds, point)
        across, down = (float(part.strip("%")) / 100 for part in position.split())
        assert (whole.width - box.width) * across == pytest.approx(box.left, abs=1)
        assert (whole.height - box.height) * down == pytest.approx(box.top, abs=1)


def test_a_text_that_is_no_point_is_shown_in_the_middle(tab: Tab):
    picker = add(tab, 'value="nowhere"')
    assert picker.evaluate("node => node.point") == {"x": 0.5, "y": 0.5}
    picker.evaluate("node => { node.value = '7x-1'; }")
    assert picker.evaluate("node => node.point") == {"x": 1, "y": 0}
    picker.evaluate("node => { node.point = {x: 0.25, y: 1 / 3}; }")
    assert sent(tab) == {"photo_1": "0.2500x0.3333"}


def test_what_is_not_touched_is_sent_as_it_came(tab: Tab):
    add(tab, 'value="0.33333x.5"')
    assert sent(tab) == {"photo_1": "0.33333x.5"}


def test_without_a_picture_it_asks_for_one(tab: Tab):
    picker = add(tab)
    expect(picker).to_have_attribute("data-state", "empty")
    expect(picker.get_by_role("slider")).to_be_hidden()
    expect(picker).to_contain_text("Choose a picture")


def test_a_file_that_no_browser_can_show_leaves_the_numbers(tab: Tab):
    picker = add(tab, "", '<input data-axis="x" name="photo_1_x" aria-label="x">')
    choose(tab, b"II*\0no picture", "scan.tif")
    expect(picker).to_have_attribute("data-state", "unreadable")
    expect(picker.get_by_role("status")).to_contain_text("cannot be shown")
    picker.get_by_label("x").fill("0.125")
    assert sent(tab) == {"photo_1": "0.1250x0.5000"}
    tab.page.locator("#file").set_input_files([])
    expect(picker).to_have_attribute("data-state", "empty")


def test_a_stored_picture_that_cannot_be_shown_leaves_the_numbers(tab: Tab):
    assert add(tab, "stored").get_attribute("data-state") == "unreadable"


def test_an_address_that_is_no_picture_leaves_the_numbers(tab: Tab):
    expect(add(tab, f'src="{STORED}"')).to_have_attribute("data-state", "unreadable")


def test_the_arrows_of_a_number_go_by_one_in_a_hundred(tab: Tab):
    number = '<input type="number" step="any" data-axis="y" name="photo_1_y" aria-label="y">'
    picker = add(tab, 'stored value="0.5x0.5"', number)
    y = picker.get_by_role("spinbutton")
    y.press("ArrowUp")
    assert sent(tab) == {"photo_1": "0.5000x0.5100"}
    y.press("Shift+ArrowDown")
    assert y.input_value() == "0.41"
    y.press("ArrowLeft")  # moves the caret, as in any input
    assert sent(tab) == {"photo_1": "0.5000x0.4100"}


def test_a_number_is_left_alone_while_it_is_typed(tab: Tab):
    number = '<input type="number" step="any" data-axis="x" aria-label="x">'
    x = add(tab, 'stored value="0.5x0.5"', number).get_by_role("spinbutton")
    x.fill("")
    x.press_sequentially("0.12")
    assert (x.input_value(), sent(tab)) == ("0.12", {"photo_1": "0.1200x0.5000"})
    x.press("Tab")
    assert x.input_value() == "0.12"
    for wrong, right in [("7", "1"), ("", "1"), ("-1", "0")]:
        x.fill(wrong)
        x.press("Tab")
        assert x.input_value() == right


def test_a_picker_in_a_shadow_tree_finds_its_input_there(tab: Tab):
    tab.page.evaluate(
        """() => {
          const host = document.createElement("div");
          document.querySelector("main").append(host);
          host.attachShadow({ mode: "open" }).innerHTML =
            '<input type="file" id="hidden"><versatile-ppoi class="deep" for="hidden">';
        }"""
    )
    file: Any = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": plain_photo((40, 30))}
    tab.page.locator("#hidden").set_input_files(file)
    expect(tab.page.locator(".deep")).to_have_attribute("data-state", "ready")


def test_a_pen_taps(tab: Tab):
    picker = add(tab)
    choose(tab, plain_photo((400, 300)))
    expect(picker).to_have_attribute("data-state", "ready")
    picker.scroll_into_view_if_needed()
    box = picker.locator("canvas").bounding_box()
    assert box is not None
    spot = {"x": box["x"] + box["width"] * 0.25, "y": box["y"] + box["height"] * 0.75}
    session = tab.page.context.new_cdp_session(tab.page)
    pen = {**spot, "button": "left", "clickCount": 1, "pointerType": "pen"}
    for kind in ["mousePressed", "mouseReleased"]:
        session.send("Input.dispatchMouseEvent", {"type": kind, **pen})
    x, y = sent(tab)["photo_1"].split("x")
    assert (float(x), float(y)) == pytest.approx((0.25, 0.75), abs=0.005)


def test_of_two_files_the_last_is_shown(tab: Tab):
    picker = add(tab)
    choose(tab, plain_photo((6000, 4500)))
    choose(tab, plain_photo((200, 150)), "last.jpg")
    expect(picker.locator("canvas")).to_have_attribute("aria-label", "last.jpg")
    tab.page.wait_for_timeout(500)  # in which the large one is decoded
    expect(picker.locator("canvas")).to_have_attribute("aria-label", "last.jpg")
    assert picker.locator("canvas").count() == 1


def test_a_picture_of_a_hundred_megapixels_is_drawn_small(tab: Tab):
    picker = add(tab)
    choose(tab, plain_photo((11_600, 8_700)))
    expect(picker).to_have_attribute("data-state", "ready", timeout=30_000)
    sides = "node => [node.width, node.height]"
    assert picker.locator("canvas").evaluate(sides) == [1024, 768]


def test_undoing_the_form_undoes_the_point_and_the_picture(tab: Tab):
    picker = add(tab, 'value="0.1x0.2"')
    choose(tab, marked_photo((0.5, 0.5)))
    expect(picker).to_have_attribute("data-state", "ready")
    picker.evaluate("node => node.reset()")
    tab.page.get_by_role("button", name="Undo").click()
    expect(picker).to_have_attribute("data-state", "empty")
    assert sent(tab) == {"photo_1": "0.1x0.2"}


def test_undoing_the_form_goes_back_to_what_the_page_came_with_wherever_the_picker_went(tab: Tab):
    picker = add(tab, 'value="0.1x0.2"')
    picker.evaluate("node => { node.reset(); document.querySelector('#mine').prepend(node); }")
    tab.page.get_by_role("button", name="Undo").click()
    expect(picker).to_have_attribute("value", "0.1x0.2")


def test_the_point_of_a_file_goes_with_the_file(tab: Tab):
    picker = add(tab, 'value="0.1x0.2"')
    tab.page.evaluate(
        """() => {
          window.heard = [];
          const hear = ({ type, target }) => target.matches("versatile-ppoi") && heard.push(type);
          for (const type of ["input", "change"]) document.addEventListener(type, hear);
        }"""
    )
    choose(tab, marked_photo((0.5, 0.5)))
    expect(picker).to_have_attribute("data-state", "ready")
    choose(tab, marked_photo((0.1, 0.5)), "other.jpg")
    expect(picker.get_by_label("other.jpg")).to_be_visible()
    picker.evaluate("node => { node.value = '0.7x0.7'; }")
    tab.page.locator("#file").set_input_files([])
    expect(picker).to_have_attribute("data-state", "empty")
    assert sent(tab) == {"photo_1": "0.1x0.2"}
    assert tab.page.evaluate("heard") == ["input", "change"]


def test_a_picture_of_another_text_has_that_text(tab: Tab):
    picker = add(tab, f'src="{STORED}" alt="A stone" width="4" height="3"')
    picker.evaluate("node => node.setAttribute('alt', 'A tree')")
    assert picker.locator(".versatile-ppoi-stage img").get_attribute("alt") == "A tree"


def test_a_ticked_box_says_that_the_picture_goes(tab: Tab):
    picker = add(tab)
    tab.page.get_by_label("Clear").check()
    expect(picker).to_have_class("is-cleared")
    expect(picker.get_by_role("status")).to_contain_text("removed")
    choose(tab, marked_photo((0.5, 0.5)))
    expect(picker).not_to_have_class("is-cleared")


def test_a_copy_is_a_picker_of_its_own(tab: Tab):
    picker = add(tab, 'id="one" value="0.1x0.2"', '<input data-axis="x" name="photo_1_x">')
    picker.evaluate(
        """node => {
          const copy = node.cloneNode(true);
          copy.name = "other_1";
          copy.htmlFor = "";
          node.after(copy);
          copy.point = {x: 0.9, y: 0.8};
        }"""
    )
    assert sent(tab) == {"photo_1": "0.1x0.2", "other_1": "0.9000x0.8000"}
    assert tab.page.locator("#mine [role=slider]").count() == 2


def test_a_moved_picker_goes_on(tab: Tab):
    picker = add(tab, 'value="0.1x0.2"')
    picker.evaluate("node => { node.remove(); document.querySelector('#mine').prepend(node); }")
    picker.evaluate("node => node.reset()")
    assert sent(tab) == {"photo_1": "0.5000x0.5000"}
    assert picker.locator("input[type=hidden]").count() == 1


@pytest.mark.parametrize("by", ["attribute", "fieldset"])
def test_a_disabled_picker_moves_nothing_and_sends_nothing(tab: Tab, by: str):
    picker = add(tab, 'value="0.1x0.2"' + (" disabled" if by == "attribute" else ""))
    if by == "fieldset":
        picker.evaluate(
            """node => {
              const set = document.createElement("fieldset");
              set.disabled = true;
              node.replaceWith(set);
              set.append(node);
            }"""
        )
    choose(tab, marked_photo((0.5, 0.5)))
    expect(picker).to_have_attribute("data-state", "ready")
    handle = picker.get_by_role("slider")
    assert handle.get_attribute("aria-disabled") == "true"
    assert handle.get_attribute("tabindex") == "-1"
    picker.locator(".versatile-ppoi-stage").dblclick(position={"x": 5, "y": 5}, force=True)
    handle.dispatch_event("keydown", {"key": "ArrowLeft", "bubbles": True})
    assert picker.get_attribute("value") == "0.1x0.2"
    assert sent(tab) == {}


def test_a_script_disables_the_numbers_too(tab: Tab):
    number = '<input type="number" step="any" data-axis="x" aria-label="x">'
    picker = add(tab, 'stored value="0.5x0.5"', number)
    for disabled in (True, False):
        picker.evaluate("(node, disabled) => { node.disabled = disabled; }", disabled)
        assert picker.locator("[data-axis]").is_disabled() == disabled


def test_what_it_says_comes_from_the_page(tab: Tab):
    picker = add(
        tab,
        'lang="fr" data-text-value="{x} à gauche, {y} en haut" data-text-label="Centre"'
        ' data-text-reset="Au centre" value="0.25x0.5"',
    )
    choose(tab, marked_photo((0.5, 0.5)))
    slider = picker.get_by_role("slider", name="Centre")
    expect(slider).to_have_attribute("aria-valuetext", "25\xa0% à gauche, 50\xa0% en haut")
    expect(picker.get_by_role("button")).to_have_text("Au centre")


def test_a_page_in_no_language_is_told_numbers_too(tab: Tab):
    picker = add(tab, 'lang="no language" value="0.25x0.5"')
    valuetext = picker.locator("[role=slider]").get_attribute("aria-valuetext") or ""
    assert valuetext.startswith("25")


def test_a_script_that_is_not_deferred_waits_for_the_children(tab: Tab):
    html = """<!doctype html><html lang="en"><title>x</title>
    <script src="/static/versatile/js/ppoi.js"></script>
    <versatile-ppoi name="p" value="0.1x0.2"><input data-axis="x" name="p_x"></versatile-ppoi>"""
    tab.page.route("**/early/", lambda route: route.fulfill(body=html, content_type="text/html"))
    tab.open("/early/")
    assert tab.picker.point == (0.1, 0.2)
    assert tab.page.locator("input[data-axis]").get_attribute("name") is None
    assert tab.page.locator("input[data-axis]").input_value() == "0.1"


def test_numbers_are_as_short_as_they_can_be(tab: Tab):
    number = '<input type="number" step="any" data-axis="x" aria-label="x">'
    picker = add(tab, 'stored value="0.50x0.5"', number)
    x = picker.get_by_role("spinbutton")
    for text, shown in [
        ("0.5000x0.5", "0.5"),
        ("1.0x0.5", "1"),
        ("0.0000x0.5", "0"),
        ("0.1010x0.5", "0.101"),
        ("10x0.5", "10"),
    ]:
        picker.evaluate("(node, text) => { node.value = text; }", text)
        assert x.input_value() == shown


def test_no_caption_is_wider_than_its_frame(tab: Tab):
    figure = '<figure class="versatile-ppoi-figure"><span data-crop="1x1"></span>{}</figure>'
    captions = ["small", "a caption with a few words", "o" * 40]
    figures = [figure.format(f"<figcaption>{text}</figcaption>") for text in captions]
    crops = f'<div class="versatile-ppoi-crops">{"".join(figures)}</div>'
    picker = add(tab, "", crops)
    choose(tab, marked_photo((0.5, 0.5)))
    expect(picker).to_have_attribute("data-state", "ready")
    widths = picker.evaluate(
        """(node) => [...node.querySelectorAll("figure")].map((figure) =>
          [...figure.children].map((child) => child.getBoundingClientRect().width))"""
    )
    assert len(widths) == 3
    for frame, caption in widths:
        assert frame > 40
        assert caption <= frame + 0.5
