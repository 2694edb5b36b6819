"""The montage: originals with their point marked, renditions beside them, captions below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.files.storage import Storage
from django.template.defaultfilters import filesizeformat
from PIL import Image, ImageDraw, ImageFont, ImageOps

from people.demo.rows import Row, Strip
from people.models import Point

WIDTH = 2000
MARGIN = 56
GAP = 22
ORIGINAL = (440, 400)
TALL = 155
CAPTION = 46
PAPER, INK, SOFT = (250, 247, 243), (34, 28, 36), (116, 106, 118)


@dataclass(frozen=True)
class Tile:
    """One picture of the montage at its place, with two lines of text below it."""

    picture: Image.Image
    left: int
    top: int
    title: str
    details: str

    @property
    def bottom(self) -> int:
        """Where the caption ends."""
        return self.top + self.picture.height + CAPTION


def draw_montage(strips: Sequence[Strip], storage: Storage) -> Image.Image:
    """All strips below each other on one sheet."""
    top = MARGIN + 70
    tiles: list[Tile] = []
    for strip in strips:
        placed = list(_place(strip, top, storage))
        tiles += placed
        top = max(tile.bottom for tile in placed) + GAP * 2
    sheet = Image.new("RGB", (WIDTH, top + MARGIN - GAP * 2), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN - 16), "versatile: one original, every rendition", INK, _font(40))
    for tile in tiles:
        _draw_tile(sheet, draw, tile)
    return sheet


def _place(strip: Strip, top: int, storage: Storage) -> Iterator[Tile]:
    """The original at the left, the renditions in lines beside it."""
    picture = _read(strip.original, ORIGINAL, storage)
    if strip.point is not None:
        _mark(picture, strip.point)
    yield Tile(picture, MARGIN, top, strip.name, _details(strip.original))
    start = MARGIN + picture.width + GAP * 2
    left = start
    for row in strip.renditions:
        picture = _read(row, (TALL * 2, TALL), storage)
        column = max(picture.width, 140, round(_font(18).getlength(row.title)))
        if left + column > WIDTH - MARGIN:
            left, top = start, top + TALL + CAPTION + GAP
        yield Tile(picture, left, top, row.title, _details(row))
        left += column + GAP


def _details(row: Row) -> str:
    size = str(filesizeformat(row.bytes)).replace("\xa0", " ")
    # Pillow's built-in font has no multiplication sign.
    return f"{row.width} x {row.height} · {size}"


def _read(row: Row, room: tuple[int, int], storage: Storage) -> Image.Image:
    """The picture, upright and no larger than the room it has."""
    with storage.open(row.name) as file, Image.open(file) as image:
        image.draft("RGB", (room[0] * 2, room[1] * 2))
        picture = ImageOps.exif_transpose(image).convert("RGB")
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    return picture


def _mark(picture: Image.Image, point: Point) -> None:
    draw = ImageDraw.Draw(picture)
    centre = (point[0] * picture.width, point[1] * picture.height)
    for radius, width, colour in ((21, 5, (40, 30, 40)), (20, 3, "white"), (3, 3, "white")):
        draw.circle(centre, radius, outline=colour, width=width)


def _draw_tile(sheet: Image.Image, draw: ImageDraw.ImageDraw, tile: Tile) -> None:
    mask = Image.new("L", tile.picture.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *tile.picture.size), 8, fill=255)
    sheet.paste(tile.picture, (tile.left, tile.top), mask)
    below = tile.top + tile.picture.height
    draw.text((tile.left, below + 6), tile.title, INK, _font(18))
    draw.text((tile.left, below + 27), tile.details, SOFT, _font(14))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
