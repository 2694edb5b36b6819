import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from people.photos import CAST, Sitter, develop, take_photo

SMALL = 400


def upright(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image)


@pytest.mark.parametrize("sitter", CAST, ids=lambda sitter: sitter.name)
def test_the_same_sitter_gives_the_same_file(sitter: Sitter):
    first, second = (develop(take_photo(sitter, SMALL), sitter.orientation) for _ in range(2))
    assert first == second


def test_no_two_photos_are_alike():
    assert len({take_photo(sitter, SMALL).tobytes() for sitter in CAST}) == len(CAST)


@pytest.mark.parametrize("sitter", CAST, ids=lambda sitter: sitter.name)
def test_a_photo_is_four_to_three_in_the_sitters_orientation(sitter: Sitter):
    photo = upright(develop(take_photo(sitter, SMALL), sitter.orientation))
    assert photo.size == ((300, 400) if sitter.portrait else (400, 300))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_displayed_is_upright_however_the_camera_was_held(orientation: int):
    photo = take_photo(CAST[0], SMALL)
    stored = develop(photo, orientation)
    with Image.open(io.BytesIO(stored)) as image:
        assert image.getexif()[0x0112] == orientation
    difference = ImageChops.difference(upright(stored), photo)
    assert max(ImageStat.Stat(difference).mean) < 6  # JPEG's losses; turned wrongly it is above 30


def test_the_cast_is_stored_in_several_orientations_one_of_them_mirrored():
    orientations = {sitter.orientation for sitter in CAST}
    assert {3, 6, 8} < orientations
    assert orientations & {2, 4, 5, 7}


@pytest.mark.parametrize("sitter", CAST, ids=lambda sitter: sitter.name)
def test_the_subject_is_off_centre_and_at_its_point(sitter: Sitter):
    assert abs(sitter.face[0] - 0.5) > 0.15
    photo = take_photo(sitter, SMALL)
    x, y = round(sitter.face[0] * photo.width), round(sitter.face[1] * photo.height)
    nose = photo.crop((x - 3, y + 4, x + 4, y + 11))
    red, green, blue = ImageStat.Stat(nose).mean
    assert red > green > blue  # skin is


@pytest.mark.parametrize("long_side", [8, 33, 64])
def test_even_a_tiny_photo_can_be_taken(long_side: int):
    assert max(take_photo(CAST[4], long_side).size) == long_side


@pytest.mark.slow
def test_twelve_megapixels_compress_as_a_photo_does():
    sitter = replace(CAST[2], orientation=6)
    data = develop(take_photo(sitter), sitter.orientation)
    assert upright(data).size == (4000, 3000)
    assert 1_500_000 < len(data) < 6_000_000
