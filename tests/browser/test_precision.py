"""The saved point against the point of the picture that the pointer was over.

The mark is found on the screen, so neither the picker's arithmetic nor ours is asked where it is.
"""

import itertools
from collections.abc import Iterator

import pytest

from tests.browser.conftest import OpenTab
from tests.browser.picker import Point
from tests.browser.pictures import find_mark, marked_photo
from tests.browser.test_upload_page import choose, save

ZOOMS = (0.67, 1.0, 2.0)
WINDOWS = ((1280, 900), (820, 1180))
ORIENTATIONS = (1, 6)
MARKS = itertools.cycle([(0.1, 0.12), (0.83, 0.31), (0.27, 0.9), (0.94, 0.93), (0.5, 0.07)])
LIMIT = 0.005


def cases() -> Iterator[tuple[float, tuple[int, int], int, Point]]:
    for case in itertools.product(ZOOMS, WINDOWS, ORIENTATIONS):
        yield (*case, next(MARKS))


@pytest.mark.parametrize(("zoom", "window", "orientation", "mark"), list(cases()))
def test_the_saved_point_is_where_the_pointer_was(
    open_tab: OpenTab, zoom: float, window: tuple[int, int], orientation: int, mark: Point
):
    # A browser zooms by giving the page fewer pixels, each of more of the screen's.
    size = round(window[0] / zoom), round(window[1] / zoom)
    tab = open_tab("/add/", size=size, device_scale_factor=zoom)
    name = f"Precise {zoom} {window[0]} {orientation}"
    photo = marked_photo(mark, orientation=orientation)
    tab.page.get_by_label("Name").fill(name)
    choose(tab, {"name": "mark.jpg", "mimeType": "image/jpeg", "buffer": photo})
    box = tab.picker.box()
    column, row = find_mark(tab.page.screenshot(clip=box))
    tab.page.mouse.click(box["x"] + column / zoom, box["y"] + row / zoom)
    save(tab)
    tab.page.wait_for_url("**/people/**")
    assert tab.site.point(name) == pytest.approx(mark, abs=LIMIT)


@pytest.mark.parametrize("scale", [1.5, 3])
def test_a_pinched_page_is_as_precise(open_tab: OpenTab, scale: float):
    tab = open_tab("/picker/", size=(390, 844), has_touch=True, is_mobile=True)
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": scale})
    tab.picker.stage.evaluate("node => node.scrollIntoView({ block: 'start', inline: 'start' })")
    tab.page.wait_for_function("scale => visualViewport.scale === scale", arg=scale)
    for point in ((0.1, 0.1), (0.2, 0.3)):
        x, y = tab.picker.at(point)
        spot = {"x": x, "y": y}
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert tab.picker.point == pytest.approx(point, abs=LIMIT)
