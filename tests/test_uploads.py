"""Uploads: what they are called, what is done to them, and which of them are refused."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import modelform_factory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings
from rest_framework import serializers as drf

from tests.drawing import draw_photo, photo_bytes
from tests.imaging.hostile import png_chunk, tiff_header
from tests.testapp.models import Person, Photo
from versatile.conf import Policy
from versatile.files import uploads
from versatile.forms import ProcessedImageField, VersatileImageFormField
from versatile.imaging import wholeness
from versatile.imaging.formats import READABLE, extensions_of
from versatile.renditions import namers
from versatile.serializers import VersatileImageFieldSerializer
from versatile.validators import inspect_image, validate_image

JPEG, PNG = photo_bytes((60, 40)), photo_bytes((60, 40), format="PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><script/></svg>'


@pytest.mark.parametrize(
    ("name", "format", "stored"),
    [
        ("x.jpg", "JPEG", "x.jpg"),
        ("x.JPEG", "JPEG", "x.JPEG"),
        ("x.jfif", "JPEG", "x.jfif"),
        ("x.png", "JPEG", "x.jpg"),
        ("x.php", "JPEG", "x.jpg"),
        ("x", "WEBP", "x.webp"),
        ("x.", "GIF", "x.gif"),
        ("x.jpg", "HEIF", "x.heic"),
        ("IMG_1.HEIC", "HEIF", "IMG_1.HEIC"),
        ("x.svg", "PNG", "x.png"),
        ("a.b.c.jpeg", "JPEG", "a.b.c.jpeg"),
        ("x.php.jpg", "JPEG", "x_php.jpg"),
        ("x.pHp5.b.phtml.jpg", "JPEG", "x_pHp5.b_phtml.jpg"),
        ("x.phpinfo.jpg", "JPEG", "x.phpinfo.jpg"),
        (".htaccess", "PNG", "_htaccess.png"),
        ("d/e.f/x.bmp", "PNG", "d/e.f/x.png"),
        ("x.txt", None, "x.txt"),
        ("gpj.\u202etxt.jpg", "JPEG", "gpj.txt.jpg"),
        ("a\x00b\n.jpg", "JPEG", "ab.jpg"),
        ("שלום.jpg", "JPEG", "שלום.jpg"),
        ("é" * 300 + ".jpg", "JPEG", "é" * 98 + ".jpg"),
    ],
)
def test_a_new_file_is_called_what_it_is(name, format, stored):
    assert uploads.corrected(name, format) == stored


@given(
    st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"])),
    st.sampled_from(READABLE),
)
def test_whatever_it_was_called_it_has_an_extension_of_its_format(name, format):
    stored = uploads.corrected(name, format)
    assert stored.lower().endswith(extensions_of(format))
    assert len(stored.encode()) <= uploads.LONGEST
    assert uploads.corrected(stored, format) == stored


@given(
    st.lists(st.sampled_from(["__sized__", "__FILTERED__", "__filtered__", "d", "__placeholder__"]))
)
def test_no_source_lies_where_renditions_do(parts):
    name = "/".join([*parts, "x__invert__-thumbnail-5x5-70.jpg"])
    stored = uploads.outside(name)
    assert not namers.is_reserved(stored.rpartition("/")[0])
    assert (stored == name) == (not namers.is_reserved("/".join(parts)))


@pytest.fixture
def photo() -> Photo:
    return Photo()


def stored(photo: Photo) -> bytes:
    with photo.image.storage.open(str(photo.image.name)) as file:
        content: bytes = file.read()
    return content


def set_policy(monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
    monkeypatch.setattr(Photo._meta.get_field("image"), "policy", Policy(**options))


@pytest.mark.parametrize("name", ["x.php", "x.png", "x.php.png", "x"])
def test_saving_corrects_the_extension_and_leaves_the_content(db, photo, name):
    photo.image.save(name, ContentFile(JPEG))
    assert photo.image.name.endswith(".jpg")
    assert stored(photo) == JPEG
    assert photo.image.crop["9x9"].name.endswith(".jpg")


@pytest.mark.parametrize("name", ["x.p(hp.jpg", "x.php;.jpg", "x.p%hp.jpg", "x.p\u0301hp.jpg"])
def test_what_a_storage_takes_out_of_a_name_makes_no_script_of_it(db, name):
    photo = Photo.objects.create(image=SimpleUploadedFile(name, JPEG))
    assert photo.image.name == "photos/x_php.jpg"


def test_a_field_that_leaves_names_alone_leaves_these_too(db, monkeypatch):
    set_policy(monkeypatch, correct_extension=False)
    photo = Photo.objects.create(image=SimpleUploadedFile("x.p(hp.jpg", JPEG))
    assert photo.image.name == "photos/x.php.jpg"


def test_so_does_assigning(db):
    photo = Photo.objects.create(image=SimpleUploadedFile("x.gif", PNG))
    assert photo.image.name == "photos/x.png"


def test_a_field_may_leave_names_alone(db, photo, monkeypatch):
    set_policy(monkeypatch, correct_extension=False)
    photo.image.save("x.gif", ContentFile(JPEG))
    assert photo.image.name == "photos/x.gif"
    with photo.image.thumbnail["9x9"].open() as file, Image.open(file) as image:
        assert image.format == "GIF"


def test_what_is_no_picture_is_stored_as_it_is(db, photo):
    photo.image.save("x.txt", ContentFile(b"text"))
    photo.image.save("y.txt", ContentFile("text"))
    assert photo.image.name == "photos/y.txt"


def test_nobody_uploads_into_the_folders_of_renditions(db, photo, monkeypatch):
    field = Photo._meta.get_field("image")
    monkeypatch.setattr(field, "upload_to", lambda instance, name: f"__sized__/{name}")
    photo.image.save("x-thumbnail-50x50-70.jpg", ContentFile(JPEG))
    assert photo.image.name == "__sized__~/x-thumbnail-50x50-70.jpg"


def with_metadata() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x8298] = 6, "somebody"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    draw_photo((60, 40)).save(file, "JPEG", exif=exif, comment=b"secret")
    return file.getvalue()


def test_metadata_goes_where_the_field_says_so_and_the_orientation_stays(db, photo, monkeypatch):
    data = with_metadata()
    photo.image.save("x.jpg", ContentFile(data))
    assert stored(photo) == data
    set_policy(monkeypatch, strip_metadata=True)
    photo.image.save("y.jpg", ContentFile(data))
    stripped = stored(photo)
    assert b"secret" not in stripped
    assert b"somebody" not in stripped
    with Image.open(io.BytesIO(stripped)) as image, Image.open(io.BytesIO(data)) as before:
        assert image.getexif()[0x0112] == 6
        assert image.tobytes() == before.tobytes()
    photo.image.save("z.png", ContentFile(PNG))
    assert len(stored(photo)) <= len(PNG)


@pytest.mark.parametrize(("limit", "is_kept"), [(None, False), (70_000_000, False), (1000, True)])
def test_what_a_field_takes_it_strips(
    limit: int | None, is_kept: bool, db, photo, monkeypatch: pytest.MonkeyPatch
):
    """A file that is longer than other fields take."""
    set_policy(monkeypatch, strip_metadata=True, max_source_bytes=limit)
    photo.image.save("y.jpg", ContentFile(with_metadata() + bytes(64_000_001)))
    assert (b"secret" in stored(photo)) == is_kept


def png_header(width: int, height: int, idat: bytes = b"") -> bytes:
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", idat) + png_chunk(b"IEND", b"")


BOMB = png_header(19000, 19000)
REFUSED = [
    (b"no picture", "invalid_image"),
    (b"%!PS-Adobe-3.0 EPSF-3.0", "invalid_image"),
    (SVG, "invalid_image"),
    (JPEG[:600], "invalid_image"),
    (PNG[:600], "invalid_image"),
    (BOMB, "image_too_large"),
    (tiff_header(8, 8, (32_768, 32_768)), "image_too_large"),
]


def form_of(
    data: bytes,
    filename: str = "x.jpg",
    *,
    model: Any = Photo,
    name: str = "image",
    posted: str = "",
) -> Any:
    files: Any = {posted or name: SimpleUploadedFile(filename, data)}
    return modelform_factory(model, fields=[name])({}, files)


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_every_door_refuses_what_no_rendition_can_be_made_of(data, code, db):
    upload = SimpleUploadedFile("x.jpg", data)
    with pytest.raises(ValidationError) as caught:
        validate_image(upload)
    assert caught.value.code == code
    with pytest.raises(ValidationError) as caught:
        Photo(image=SimpleUploadedFile("x.jpg", data)).full_clean()
    assert [error.code for error in caught.value.error_dict["image"]] == [code]
    for model, name in ((Photo, "image"), (Person, "headshot")):
        posted = name if model is Photo else f"{name}_0"
        form = form_of(data, model=model, name=name, posted=posted)
        assert [error.code for error in form.errors.as_data()[name]] == [code]

    class Serializer(drf.ModelSerializer):
        image = VersatileImageFieldSerializer([("a", "crop__9x9")])

        class Meta:
            model = Photo
            fields = ("image",)

    serializer = Serializer(data={"image": SimpleUploadedFile("x.jpg", data)})
    assert not serializer.is_valid()
    assert "image" in serializer.errors


@pytest.mark.parametrize("format", READABLE)
def test_every_format_is_taken_and_can_be_stored_afterwards(format, db):
    data = photo_bytes((60, 40), format=format)
    form = form_of(data, "x.y")
    assert form.is_valid(), form.errors
    with Image.open(io.BytesIO(data)) as image:
        assert form.cleaned_data["image"].image.size == image.size
    assert form.cleaned_data["image"].content_type.startswith("image/")
    photo = form.save()
    assert stored(photo) == data
    assert str(photo.image.name).endswith(extensions_of(format))


def test_a_field_may_take_everything(monkeypatch, db):
    set_policy(monkeypatch, validate_uploads=False)
    validate_image(SimpleUploadedFile("x.jpg", BOMB), Policy(validate_uploads=False))
    Photo(image=SimpleUploadedFile("x.jpg", JPEG[:-100])).full_clean()
    assert form_of(JPEG[:-100]).is_valid()
    assert not form_of(b"text").is_valid()


def test_a_stored_file_is_not_looked_at(photo, media_root: Path):
    photo.image = "gone.jpg"
    photo.full_clean()


def test_the_file_stays_open_and_at_its_start():
    file = io.BytesIO(JPEG)
    for _ in range(2):
        validate_image(File(file, "x.jpg"))
        assert (file.closed, file.tell()) == (False, 0)
        image, mimetype = inspect_image(File(file, "x.jpg"), Policy())
        assert (image.size, mimetype) == ((60, 40), "image/jpeg")


def test_an_extension_is_judged_where_nobody_corrects_it():
    field = VersatileImageFormField(policy=Policy(correct_extension=False))
    field.clean(SimpleUploadedFile("x.png", JPEG))
    with pytest.raises(ValidationError) as caught:
        field.clean(SimpleUploadedFile("x.php", JPEG))
    assert caught.value.error_list[0].code == "invalid_extension"


def test_the_form_field_of_a_spec_has_the_same_door():
    field = ProcessedImageField(spec_id="testapp:door", format="PNG")
    with pytest.raises(ValidationError, match="pixels"):
        field.clean(SimpleUploadedFile("x.png", BOMB))


LARGE = (9000, 6000)
"""More pixels than may be decoded, of a JPEG that shrinks."""


@pytest.fixture(scope="module")
def large() -> bytes:
    file = io.BytesIO()
    Image.new("L", LARGE, 90).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("sets", "taken"),
    [
        ({}, False),
        ({"a": [("a", "crop__400x400")]}, True),
        ({"a": [("a", "crop__400x400"), ("b", "url")]}, True),
        ({"a": [("a", "crop__400x400")], "b": [("a", "filters__blur__crop__40x40")]}, False),
        ({"a": [("a", "filters__invert")]}, False),
        ({"a": [("a", "crop__8000x3000")]}, False),
        ({"a": [("a", "crop__400x400"), ("b", "nope__1x1"), ("c", "filters__nope")], "b": 5}, True),
    ],
)
def test_the_largest_declared_rendition_decides_what_is_too_large(
    sets, taken, large, settings: Settings
):
    settings.VERSATILE = {"RENDITION_KEY_SETS": sets}
    if taken:
        validate_image(SimpleUploadedFile("x.jpg", large))
    else:
        with pytest.raises(ValidationError) as caught:
            validate_image(SimpleUploadedFile("x.jpg", large))
        assert caught.value.code == "image_too_large"


def test_a_shape_of_which_a_rendition_would_grow_beyond_all_bounds_is_refused(settings: Settings):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"a": [("a", "cover__400x400")]}}
    validate_image(SimpleUploadedFile("x.png", PNG))
    line = photo_bytes((1, 5000), format="PNG")
    with pytest.raises(ValidationError, match="another shape"):
        validate_image(SimpleUploadedFile("x.png", line))


COST = """
import sys
import django
from django.conf import settings
settings.configure()
django.setup()
from django.core.exceptions import ValidationError
from django.core.files import File
from tests.memory import peak_memory
from versatile.validators import validate_image
before = peak_memory()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        try:
            validate_image(File(file))
        except ValidationError:
            continue
        sys.exit(f"{path} is taken")
print(peak_memory() - before)
"""


def test_what_is_refused_costs_little_memory(tmp_path: Path):
    grey = zlib.compressobj(9)
    rows = grey.compress(bytes(1 + 7000 * 3) * 3000) + grey.flush()
    webp = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(webp, "WEBP", quality=1)
    jpeg = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(jpeg, "JPEG")
    bombs = {
        "bomb.png": BOMB,
        "short.png": png_header(7000, 7000, rows),
        "ended.png": png_header(7000, 7000, rows)[:-40],
        "ended.webp": webp.getvalue()[:-40],
        "ended.jpg": jpeg.getvalue()[: len(jpeg.getvalue()) // 2],
        "wide.gif": b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0),
        "wide.bmp": b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 30000, 30000, 1, 24) + bytes(24),
        "tiled.tif": tiff_header(8, 8, (32_768, 32_768)),
    }
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", COST, *(str(tmp_path / name) for name in bombs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 150_000


def moving(format: str) -> bytes:
    frames = [draw_photo((60, 40), seed=seed) for seed in range(6)]
    file = io.BytesIO()
    frames[0].save(file, format, save_all=True, append_images=frames[1:], duration=80)
    return file.getvalue()


@pytest.mark.parametrize("format", ["GIF", "PNG"])
def test_an_animation_is_refused_where_a_later_frame_is_broken(format, monkeypatch, db):
    data = moving(format)
    validate_image(SimpleUploadedFile("x.gif", data))
    broken = SimpleUploadedFile("x.gif", data[: len(data) * 7 // 10])
    with pytest.raises(ValidationError) as caught:
        validate_image(broken)
    assert caught.value.code == "invalid_image"
    assert "frame 4 cannot be read" in str(caught.value.__cause__)
    set_policy(monkeypatch, animated="first")
    Photo(image=broken).full_clean()


def test_of_an_animation_that_is_beyond_its_limits_the_first_frame_is_looked_at(monkeypatch, db):
    broken = SimpleUploadedFile("x.gif", moving("GIF")[:-2000])
    set_policy(monkeypatch, max_frames=3)
    Photo(image=broken).full_clean()


def test_what_is_a_small_part_of_a_large_tile_is_not_decoded_to_be_looked_at(monkeypatch):
    decoded: list[Any] = []
    monkeypatch.setattr(wholeness, "_load", decoded.append)
    monkeypatch.setattr(wholeness, "CHEAP", 1_000_000)
    for side, looked_at in ((512, True), (5120, False)):
        validate_image(SimpleUploadedFile("x.tif", tiff_header(8, 8, (side, side))))
        assert bool(decoded) is looked_at
        decoded.clear()


def test_drawings_are_taken_where_the_field_says_so_and_shown_as_they_are(
    db, photo, monkeypatch, media_root: Path
):
    set_policy(monkeypatch, allow_svg=True)
    form = form_of(SVG, "x.png")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["image"].image is None
    photo = form.save()
    image = photo.image
    assert image.name == "photos/x.svg"
    assert (image.width, image.height) == (40, 30)
    for item in (image.crop["9x9"], image.filters.invert, image.filters.invert.crop["9x9"]):
        assert item.url == str(item) == "/media/photos/x.svg"
        assert (item.width, item.height) == (40, 30)
        item.delete()
    made = image.renditions([("a", "crop__9x9"), ("b", "url")])
    assert {item.url for item in made.values()} == {"/media/photos/x.svg"}
    image.delete_all_created_images()
    assert stored(photo) == SVG
    assert [path.name for path in media_root.rglob("*.*")] == ["x.svg"]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "http://example.com/x.dtd">]><svg>&a;</svg>',
        b"<svg",
    ],
)
def test_a_drawing_with_entities_is_never_read(data, monkeypatch, db):
    set_policy(monkeypatch, allow_svg=True)
    with pytest.raises(ValidationError):
        Photo(image=SimpleUploadedFile("x.svg", data)).full_clean()


def test_a_photo_of_a_phone_has_renditions_that_browsers_show(db, photo):
    pillow_heif = pytest.importorskip("pillow_heif", reason="install the extra heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(draw_photo((60, 40))).save(file)
    form = form_of(file.getvalue(), "IMG_1.jpg")
    assert form.is_valid(), form.errors
    image = form.save().image
    assert image.name == "photos/IMG_1.heic"
    assert (image.width, image.height) == (60, 40)
    rendition = image.thumbnail["30x30"]
    assert rendition.name.endswith("-thumbnail-30x30-70.jpg")
    with rendition.open() as stored_file, Image.open(stored_file) as made:
        assert (made.format, made.size) == ("JPEG", (30, 20))


def test_a_tiff_and_a_png_of_one_name_share_no_rendition(db, photo):
    names = set()
    for format in ("TIFF", "PNG"):
        form = form_of(photo_bytes((60, 40), format=format), "x.y")
        assert form.is_valid()
        rendition = form.save().image.crop["20x20"]
        names.add(rendition.name)
        with rendition.open() as stored_file, Image.open(stored_file) as made:
            assert made.format == "PNG"
    assert len(names) == 2
