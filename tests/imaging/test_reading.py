import struct
import subprocess
import sys
import threading
import warnings
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import (
    EpsImagePlugin,
    FitsImagePlugin,
    Image,
    ImageFile,
    PsdImagePlugin,
    TiffImagePlugin,
)

from tests.drawing import draw_photo, photo_bytes, turned
from tests.imaging.comparing import decoded, levels, psnr
from tests.imaging.hostile import (
    bmp_header,
    bombs,
    gif,
    icon,
    jpeg_header,
    painted,
    png_chunk,
    png_header,
    tiff_header,
)
from tests.imaging.profiles import p3_profile
from versatile.imaging import gifs, plugins, reading
from versatile.imaging.decoding import format_and_mimetype, open_image, open_picture, read_header
from versatile.imaging.exceptions import (
    EmptyImage,
    ImageError,
    ImageTooLarge,
    TruncatedImage,
    UnidentifiedImage,
)
from versatile.imaging.formats import READABLE
from versatile.imaging.geometry import Size
from versatile.imaging.limits import UNLIMITED, Limits

ALL_TURNS = range(1, 9)
XMP = '<x:xmpmeta><rdf:Description tiff:Orientation="{}"/></x:xmpmeta>'
PACKETS = [
    XMP,
    "<x:xmpmeta><rdf:Description tiff:Orientation = '{}'/></x:xmpmeta>",
    "<x:xmpmeta><tiff:Orientation>{}</tiff:Orientation></x:xmpmeta>",
    "<x:xmpmeta><tiff:Orientation>\n  {}\n</tiff:Orientation></x:xmpmeta>",
]
"""How XMP, which is XML, may say it."""


def opened_upright(data: bytes) -> Image.Image:
    with decoded(data) as picture:
        return picture.upright().copy()


def decode_at(data: bytes, scale: int, limits: Limits) -> Image.Image:
    with open_picture(BytesIO(data), limits) as picture:
        picture.decode(scale)
        return picture.upright().copy()


def exif_of(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def late(png: bytes, chunk: bytes) -> bytes:
    """A PNG with a chunk behind its pixels."""
    end = png.rindex(b"IEND") - 4
    return png[:end] + chunk + png[end:]


# How a file is turned


@pytest.mark.parametrize("orientation", ALL_TURNS)
@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
def test_xmp_turns_a_picture_where_exif_says_nothing(format: str, orientation: int) -> None:
    packet = XMP.format(orientation)
    options: dict[str, Any] = {"xmp": packet.encode()}
    if format == "PNG":
        text = b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode()
        plain = BytesIO()
        turned(draw_photo((40, 24)), orientation).save(plain, "PNG")
        data = plain.getvalue()[:33] + png_chunk(b"iTXt", text) + plain.getvalue()[33:]
    else:
        file = BytesIO()
        turned(draw_photo((40, 24)), orientation).save(file, format, **options)
        data = file.getvalue()
    assert read_header(BytesIO(data)).size == (40, 24)
    assert psnr(opened_upright(data), draw_photo((40, 24))) > 20


@pytest.mark.parametrize("packet", PACKETS)
@pytest.mark.parametrize("format", ["JPEG", "WEBP", "TIFF"])
def test_xmp_may_be_written_in_any_way(format: str, packet: str) -> None:
    content = packet.format(6).encode()
    options = {"tiffinfo": {700: content}} if format == "TIFF" else {"xmp": content}
    assert read_header(BytesIO(painted(format, **options))).orientation == 6


def test_exif_wins_over_xmp() -> None:
    file = BytesIO()
    draw_photo((40, 24)).save(file, "JPEG", exif=exif_of(1), xmp=XMP.format(6).encode())
    assert read_header(file).orientation == 1


@pytest.mark.parametrize("orientation", ALL_TURNS)
def test_exif_behind_the_pixels_of_a_png_turns_it(orientation: int) -> None:
    plain = BytesIO()
    turned(draw_photo((40, 24)), orientation).save(plain, "PNG")
    data = late(plain.getvalue(), png_chunk(b"eXIf", exif_of(orientation)[6:]))
    assert read_header(BytesIO(data)).size == (40, 24)
    assert psnr(opened_upright(data), draw_photo((40, 24))) == 99


@pytest.mark.parametrize(
    ("text", "orientation"),
    [("\nexif\n      26\n" + exif_of(8).hex(), 8), ("\nexif\n 1\nno hexadecimal", 1)],
)
@pytest.mark.parametrize("name", [b"exif", b"APP1"])
def test_a_png_of_imagemagick_turns_by_its_text(name: bytes, text: str, orientation: int) -> None:
    chunk = png_chunk(b"tEXt", b"Raw profile type " + name + b"\0" + text.encode())
    plain = painted("PNG")
    assert read_header(BytesIO(plain[:33] + chunk + plain[33:])).orientation == orientation


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_none(format: str, value: int) -> None:
    if format == "TIFF":
        data = painted("TIFF", tiffinfo={274: value})
    else:
        data = painted(format, exif=exif_of(value))
    assert read_header(BytesIO(data)).orientation == 1
    assert opened_upright(data).size == (40, 24)


def test_a_tiff_that_calls_its_orientation_a_text_is_not_turned() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.tagtype[274] = 2
    tags[274] = "six"
    data = painted("TIFF", tiffinfo=tags)
    assert read_header(BytesIO(data)).orientation == 1


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.filterwarnings("error")
def test_damaged_exif_is_no_reason_to_refuse(format: str) -> None:
    good = exif_of(6)
    for cut in range(6, len(good)):
        if format == "AVIF":  # Pillow reads it while writing
            data = painted("AVIF", exif=good).replace(good[6:14], good[6:12] + b"\xff\xff")
        else:
            data = painted(format, exif=good[:cut])
        assert read_header(BytesIO(data)).stored == (40, 24)


# What is refused by its header


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_by_its_header(name: str) -> None:
    data = bombs()[name]
    with pytest.raises(ImageTooLarge, match=r"MAX_SOURCE_(SIDE|PIXELS)"), decoded(data):
        pass


def test_refusing_bombs_costs_no_memory() -> None:
    code = """
import sys
from io import BytesIO
from tests.imaging.hostile import bombs
from tests.memory import peak_memory
from versatile.imaging.decoding import open_picture
from versatile.imaging.exceptions import ImageTooLarge
from versatile.imaging.limits import Limits
files, refused = bombs(), 0
before = peak_memory()
for data in files.values():
    for limits in (Limits(), Limits(max_side=None)):
        try:
            with open_picture(BytesIO(data), limits) as picture:
                picture.decode(8)
        except ImageTooLarge:
            refused += 1
grown = peak_memory() - before
good = refused == 2 * len(files) and grown < 30_000
sys.exit(0 if good else f"{refused} of {len(files)}, {grown} KiB")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_file_of_too_many_bytes_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(ImageTooLarge, match="MAX_SOURCE_BYTES"):
        read_header(BytesIO(painted("PNG")), Limits(max_bytes=50))


def test_a_large_jpeg_is_fine_for_a_thumbnail_and_a_png_is_not() -> None:
    limits = Limits(max_pixels=10_000, max_side=200)
    for format, fine in (("JPEG", True), ("PNG", False)):
        data = photo_bytes((800, 600), format=format)
        if fine:
            assert decode_at(data, 8, limits).size == (100, 75)
        else:
            with pytest.raises(ImageTooLarge):
                decode_at(data, 8, limits)
    with pytest.raises(ImageTooLarge, match="800×600"):
        decode_at(photo_bytes((800, 600)), 1, limits)


@pytest.mark.parametrize("options", [{"progressive": True}, {"progressive": False}])
def test_a_jpeg_that_is_kept_as_a_whole_counts_as_a_whole(options: dict[str, Any]) -> None:
    limits = Limits(max_pixels=100_000)
    data = photo_bytes((800, 600), **options)
    if options["progressive"]:
        with pytest.raises(ImageTooLarge, match="kept together"):
            decode_at(data, 8, limits)
    else:
        assert decode_at(data, 8, limits).size == (100, 75)


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = photo_bytes((40, 24), progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    many = data[:-2] + scan * reading.MAX_SCANS + data[-2:]
    with pytest.raises(ImageTooLarge, match="scans"), decoded(many):
        pass
    with decoded(data) as picture:
        assert picture.size == (40, 24)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_a_jpeg_of_too_few_bytes_for_its_size_is_cut_off(options: dict[str, Any]) -> None:
    data = jpeg_header(photo_bytes((80, 60), **options), 8000, 6000)
    with pytest.raises(TruncatedImage, match="bytes cannot hold 8000×6000 pixels"):
        decode_at(data, 8, Limits())


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}])
def test_a_jpeg_of_one_colour_is_as_short_as_it_likes(options: dict[str, Any]) -> None:
    data = painted("JPEG", (3000, 2000), **options)
    assert decode_at(data, 8, Limits()).size == (375, 250)


def test_frames_are_counted_no_further_than_needed() -> None:
    data = gif((8, 8), *[(8, 8)] * 30)
    assert read_header(BytesIO(data)).frames == 30
    assert read_header(BytesIO(data), Limits(max_frames=4)).frames == 5
    assert read_header(BytesIO(data), UNLIMITED).frames == 30
    assert read_header(BytesIO(gif((8, 8), (8, 8)))).frames == 1


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF", "TIFF", "GIF"])
def test_pages_are_no_frames(format: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    file = BytesIO()
    frames[0].save(file, format, save_all=True, append_images=frames[1:], duration=100)
    assert read_header(file).frames == (1 if format == "TIFF" else 3)


# Who is called


def test_what_is_no_format_of_ours_reaches_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(Image, "open", called.append)
    monkeypatch.setattr(Image, "init", called.append)
    for plugin in (
        EpsImagePlugin.EpsImageFile,
        FitsImagePlugin.FitsImageFile,
        PsdImagePlugin.PsdImageFile,
    ):
        monkeypatch.setattr(plugin, "_open", called.append)
    for data in (
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"%PDF-1.7\n",
        b"8BPS\0\1" + bytes(100),
        b"SIMPLE  =                    T" + bytes(100),
        b"P6 9 9 255\n" + bytes(300),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ):
        with pytest.raises(UnidentifiedImage, match="send one of JPEG, PNG"):
            read_header(BytesIO(data))
        with pytest.raises(UnidentifiedImage):
            format_and_mimetype(BytesIO(data))
    assert read_header(BytesIO(painted("PNG"))).format == "PNG"
    assert not called


def test_the_name_of_a_format_needs_only_its_beginning() -> None:
    assert format_and_mimetype(BytesIO(painted("JPEG")[:30])) == ("JPEG", "image/jpeg")
    with pytest.raises(EmptyImage):
        format_and_mimetype(BytesIO())


# Switches of the process


@pytest.fixture
def switches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in which somebody has turned all switches the wrong way."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)


@pytest.mark.usefixtures("switches")
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("format", READABLE)
def test_no_switch_changes_what_is_read(format: str) -> None:
    options: dict[str, Any] = {"sizes": [(40, 24)]} if format == "ICO" else {}
    data = photo_bytes((40, 24), format=format, **options)
    assert psnr(opened_upright(data).convert("RGB"), draw_photo((40, 24))) > 20


@pytest.mark.usefixtures("switches")
@pytest.mark.parametrize("format", READABLE)
def test_no_switch_lets_half_a_file_through(format: str) -> None:
    data = photo_bytes((120, 90), format=format)
    with pytest.raises((TruncatedImage, UnidentifiedImage)), decoded(data[: len(data) // 2]):
        pass


@pytest.mark.usefixtures("switches")
def test_no_switch_lets_a_broken_stream_through() -> None:
    data = bytearray(photo_bytes((120, 90), format="PNG"))
    place = data.index(b"IDAT") + 40
    data[place : place + 8] = bytes(8)
    with pytest.raises(TruncatedImage), decoded(bytes(data)):
        pass


@pytest.mark.usefixtures("switches")
@pytest.mark.filterwarnings("error")
def test_frames_are_read_whatever_the_switches() -> None:
    frames = [draw_photo((40, 24), seed=seed) for seed in range(3)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], disposal=2)
    image = reading.open_image(file, Limits())
    image.seek(2)
    image.load()
    assert image.size == (40, 24)


def odd_files() -> list[bytes]:
    """Files of which Pillow warns, and others."""
    samples = struct.pack("<HHIHH", 277, 3, 1, 1, 0)
    tiff = tiff_header(8, 8).replace(samples, struct.pack("<HHIHH", 277, 3, 2, 1, 1))
    apng = BytesIO()
    Image.new("RGB", (8, 8)).save(
        apng, "PNG", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")]
    )
    odd = apng.getvalue()
    twice = odd[odd.index(b"acTL") - 4 : odd.index(b"acTL") + 16]
    small = painted("ICO", (32, 32), sizes=[(32, 32)])
    return [
        tiff,
        odd.replace(twice, twice * 2),
        small[:6] + bytes([16, 16]) + small[8:],
        painted("JPEG", exif=exif_of(6)[:-9]),
        painted("TIFF")[:-3],
        *(painted(format)[:-20] for format in READABLE),
        *bombs().values(),
    ]


@pytest.mark.parametrize("index", range(4))
def test_some_of_the_odd_files_do_make_pillow_warn(index: int) -> None:
    data = odd_files()[index]
    with pytest.warns(UserWarning, match=r"."):
        Image.open(BytesIO(data)).getexif()


def test_threads_hear_no_warning_and_find_the_process_as_it_was() -> None:
    heard: list[Any] = []
    problems: list[BaseException] = []
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)

    def read_all() -> None:
        for data in odd_files() * 3:
            try:
                with decoded(data) as picture:
                    picture.upright()
            except ImageError:
                continue
            except BaseException as problem:  # noqa: BLE001 - it is shown at the end
                problems.append(problem)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda *args, **kwargs: heard.append(args)
        filters = list(warnings.filters)
        threads = [threading.Thread(target=read_all) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert list(warnings.filters) == filters
    assert (heard, problems) == ([], [])
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


# What else is odd


def test_of_a_png_that_moves_its_animation_is_shown_and_not_the_still_beside_it() -> None:
    still, moving = Image.new("RGB", (40, 24), "red"), draw_photo((40, 24))
    file = BytesIO()
    still.save(file, "PNG", save_all=True, default_image=True, append_images=[moving])
    assert read_header(file).frames == 1
    assert psnr(opened_upright(file.getvalue()), moving) == 99


def test_a_transparent_colour_of_sixteen_bits_is_fitted_to_eight() -> None:
    content = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    pixels = struct.pack(">B6H", 0, 0x1234, 0x5678, 0x9ABC, 0xFFFF, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", content)
    data += png_chunk(b"tRNS", struct.pack(">3H", 0x1234, 0x5678, 0x9ABC))
    data += png_chunk(b"IDAT", zlib.compress(pixels)) + png_chunk(b"IEND", b"")
    image = opened_upright(data)
    assert (image.mode, levels(image)) == ("RGBA", [[0x12, 0x56, 0x9A, 0], [255, 0, 0, 255]])


def test_a_text_that_inflates_is_left_out() -> None:
    bomb = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(5_000_000)))
    profile = png_chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(5_000_000)))
    plain = painted("PNG")
    image = open_image(BytesIO(plain[:33] + bomb + profile + plain[33:]))
    assert image.info["k"] == ""
    assert not image.info["icc_profile"]
    assert psnr(image, Image.new("RGB", (40, 24), "teal")) == 99


def test_a_jpeg_of_several_pictures_is_its_first() -> None:
    file = BytesIO()
    draw_photo((40, 24)).save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    with decoded(file.getvalue()) as picture:
        assert (picture.header.format, picture.size) == ("JPEG", (40, 24))
        assert psnr(picture.upright(), draw_photo((40, 24))) > 20


def test_icons_are_read_by_their_largest_picture() -> None:
    data = icon(painted("PNG", (64, 48)))
    assert read_header(BytesIO(data)).size == (64, 48)
    file = BytesIO()
    draw_photo((32, 32), "RGBA").save(file, "ICO", sizes=[(32, 32)], bitmap_format="bmp")
    assert psnr(opened_upright(file.getvalue()), draw_photo((32, 32), "RGBA")) > 30


def test_a_header_that_is_cut_off_is_damaged() -> None:
    for data in (*(painted(format)[:20] for format in READABLE), icon(b""), gif((9, 9))[:8]):
        with pytest.raises(ImageError), decoded(data):
            pass


def test_a_png_without_end_has_no_late_exif() -> None:
    data = painted("PNG")
    assert read_header(BytesIO(data[: data.rindex(b"IEND") - 4])).orientation == 1


def test_a_tile_that_is_larger_than_allowed_is_refused() -> None:
    with pytest.raises(ImageTooLarge), decoded(tiff_header(8, 8, (20_000, 20_000))):
        pass


def test_a_heic_is_read_where_the_package_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    heif = pytest.importorskip("pillow_heif", reason="install django-versatile[heif]")
    photo = draw_photo((64, 48))
    file = BytesIO()
    heif.from_pillow(photo).save(file, quality=90)
    with decoded(file.getvalue()) as picture:
        assert (picture.header.format, picture.size) == ("HEIF", (64, 48))
        assert psnr(picture.upright(), photo) > 25
    assert "HEIF" not in Image.OPEN
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnidentifiedImage, match=r"install django-versatile\[heif\]"):
        read_header(file)


def test_the_sizes_of_claims_are_as_written() -> None:
    assert read_header(BytesIO(png_header(60_000, 3))).stored == Size(60_000, 3)
    assert read_header(BytesIO(jpeg_header(painted("JPEG"), 7, 5))).stored == Size(7, 5)


def test_a_picture_without_area_is_an_empty_image(monkeypatch: pytest.MonkeyPatch) -> None:
    class Flat(Image.Image):
        size = (0, 4)

    monkeypatch.setitem(plugins.PLUGINS, "BMP", lambda file: Flat())
    with pytest.raises(EmptyImage, match="no area: 0×4"):
        read_header(BytesIO(bmp_header(0, 4)))


def test_an_avif_is_turned_by_its_box_and_by_damaged_exif_not_at_all() -> None:
    turning = painted("AVIF", exif=exif_of(6))
    assert read_header(BytesIO(turning)).orientation == 6
    named = Image.Exif()
    named[0x8298] = "Ada"
    assert read_header(BytesIO(painted("AVIF", exif=named))).orientation == 1


def test_blocks_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    comment = b"\x21\xfe" + b"\x01x" * 50 + b"\0"
    data = gif((8, 8), (8, 8))
    long = data[:19] + comment * 4 + data[19:]
    assert read_header(BytesIO(long)).size == (8, 8)
    monkeypatch.setattr(gifs, "MAX_BLOCKS", 100)
    with pytest.raises(ImageTooLarge, match="100 blocks"):
        read_header(BytesIO(long))
    with pytest.raises(ImageTooLarge, match="100 blocks"):
        read_header(BytesIO(data[:19] + b"?" * 200 + data[19:]))


def test_a_colour_that_has_a_profile_may_be_preserved() -> None:
    photo = draw_photo((40, 24))
    file = BytesIO()
    photo.save(file, "PNG", icc_profile=p3_profile())
    with decoded(file.getvalue()) as picture:
        assert picture.profile is not None
        assert psnr(picture.upright(preserve=True), photo) == 99
        assert psnr(picture.upright(), photo) < 60
        assert picture.limits == Limits()
