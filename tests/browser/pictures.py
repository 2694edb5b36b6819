"""Pictures with a mark that can be found again wherever a browser shows them."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

from people.photos import CAST, develop, take_photo
from tests.browser.picker import Point

MAGENTA = (255, 0, 255)


SITTER = CAST[0]
SIDE = 1200


@cache
def portrait(orientation: int = 1) -> bytes:
    """A photo of somebody whose face is at ``SITTER.face``; stored as a camera turned it."""
    return develop(_upright(), orientation)


def marked_photo(mark: Point, *, orientation: int = 1) -> bytes:
    """The same with a magenta disc at a point of the upright picture."""
    photo = _upright().copy()
    centre = mark[0] * photo.width, mark[1] * photo.height
    ImageDraw.Draw(photo).circle(centre, SIDE / 40, fill=MAGENTA)
    return develop(photo, orientation)


@cache
def _upright() -> Image.Image:
    return take_photo(SITTER, SIDE)


def find_mark(screenshot: bytes) -> Point:
    """The middle of what is magenta on a picture of the screen, in its pixels."""
    with Image.open(BytesIO(screenshot)) as screen:
        red, green, blue = screen.convert("RGB").split()
    bright, dark = (lambda level: 255 * (level > 200)), (lambda level: 255 * (level < 60))
    vivid = ImageChops.multiply(red.point(bright), blue.point(bright))
    box = ImageChops.multiply(vivid, green.point(dark)).getbbox()
    assert box is not None, "the mark is nowhere on the screen"
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2
