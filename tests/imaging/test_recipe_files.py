"""What a recipe writes beside the pixels, and in which colours."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.drawing import draw_photo, photo_bytes
from tests.imaging.comparing import decoded, largest_difference
from tests.imaging.profiles import grey_profile, p3_profile, p3_to_srgb, srgb_profile
from versatile.imaging import exif
from versatile.imaging.encoding import holds_profiles
from versatile.imaging.exceptions import InvalidArgument
from versatile.imaging.formats import FORMATS
from versatile.imaging.recipe import Recipe
from versatile.processors import CropAroundPoint, Grayscale, Invert, ResizeToFit

COLOUR = (200, 60, 40)
CHAINS: list[tuple[Any, ...]] = [(), (CropAroundPoint(20, 20),), (Invert(), Invert())]
every_format = pytest.mark.parametrize("format", FORMATS)


def plain(profile: bytes, mode: str = "RGB", **options: Any) -> bytes:
    file = BytesIO()
    image = Image.new("RGB", (40, 30), COLOUR).convert(mode)
    image.save(file, "TIFF" if mode == "CMYK" else "PNG", icc_profile=profile, **options)
    return file.getvalue()


def rendered(data: bytes, recipe: Recipe) -> Image.Image:
    with decoded(data) as picture:
        image = Image.open(BytesIO(recipe.render(picture)))
    image.load()
    return image


def near(image: Image.Image, colour: tuple[int, ...]) -> bool:
    shown = image.convert("RGB").getpixel((9, 9))
    assert isinstance(shown, tuple)
    return all(abs(one - other) <= 6 for one, other in zip(shown, colour, strict=True))


@every_format
@pytest.mark.parametrize("chain", CHAINS, ids=repr)
def test_colours_are_kept_with_their_profile_where_the_format_can_hold_it(
    chain: tuple[Any, ...], format: str
) -> None:
    image = rendered(plain(p3_profile()), Recipe(chain, format, color="preserve"))
    if holds_profiles(format):
        assert image.info["icc_profile"]
        assert near(image, COLOUR)
    else:
        assert "icc_profile" not in image.info
        assert near(image, p3_to_srgb(COLOUR))


@every_format
def test_colours_become_srgb_without_a_profile_by_default(format: str) -> None:
    image = rendered(plain(p3_profile()), Recipe((), format))
    assert "icc_profile" not in image.info
    assert near(image, p3_to_srgb(COLOUR))


@pytest.mark.parametrize("profile", [b"no profile", b"", srgb_profile()])
def test_a_profile_that_is_none_or_says_nothing_is_not_written(profile: bytes) -> None:
    image = rendered(plain(profile), Recipe((), "PNG", color="preserve"))
    assert "icc_profile" not in image.info
    assert near(image, COLOUR)


def test_a_profile_of_another_kind_of_picture_is_not_written() -> None:
    image = rendered(plain(p3_profile(), "CMYK"), Recipe((), "JPEG", color="preserve"))
    assert image.mode == "RGB"
    assert "icc_profile" not in image.info


@every_format
@pytest.mark.parametrize("mode", ["L", "LA"])
@pytest.mark.parametrize("color", ["srgb", "preserve"])
def test_grey_is_never_left_without_the_profile_that_it_needs(
    color: str, mode: str, format: str
) -> None:
    image = rendered(plain(grey_profile(1.0), mode), Recipe((), format, color=color))
    (level,) = set(Image.new("RGB", (1, 1), COLOUR).convert("L").tobytes())
    light = level / 255  # of a profile without a curve; source of the formula: IEC 61966-2-1
    assert "icc_profile" not in image.info
    assert near(image, (round(255 * (1.055 * light ** (1 / 2.4) - 0.055)),) * 3)


class WritesItself:
    """A sizer written the old way."""

    def process(self, image: Image.Image) -> Image.Image:
        return image

    def encode(self, image: Image.Image, format: str) -> bytes:
        file = BytesIO()
        image.save(file, format)
        return file.getvalue()


def test_who_writes_a_file_of_its_own_gets_srgb() -> None:
    recipe = Recipe((WritesItself(),), "PNG", color="preserve")
    assert near(rendered(plain(p3_profile()), recipe), p3_to_srgb(COLOUR))


def test_what_a_filter_made_grey_is_written_as_its_profile_wants_it() -> None:
    image = rendered(plain(p3_profile()), Recipe((Grayscale(),), "PNG", color="preserve"))
    assert image.mode == "RGB"
    assert image.info["icc_profile"]


def test_both_can_be_made_of_one_picture() -> None:
    with decoded(plain(p3_profile())) as picture:
        for color in ("srgb", "preserve", "srgb", "preserve"):
            for chain in CHAINS:
                image = Recipe(chain, "PNG", color=color).pixels(picture)
                assert near(image, COLOUR if color == "preserve" else p3_to_srgb(COLOUR))


def test_a_colour_that_is_none_of_the_two_is_refused() -> None:
    with pytest.raises(InvalidArgument, match=r"color='p3'.*preserve"):
        Recipe((), "PNG", color="p3")


def signed(format: str = "JPEG", orientation: int = 1) -> bytes:
    block = Image.Exif()
    block[exif.TEXTS["copyright"]] = "Zoe"
    block[exif.TEXTS["artist"]] = "Secret"
    block[exif.ORIENTATION] = orientation
    block[0x010F] = "SecretCamera"
    file = BytesIO()
    draw_photo((40, 30)).save(file, format, exif=block)
    return file.getvalue()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_what_is_kept_is_what_is_named_and_never_the_orientation(
    orientation: int, format: str
) -> None:
    recipe = Recipe((ResizeToFit(20, 20),), format, keep_metadata=("copyright",))
    with decoded(signed(orientation=orientation)) as picture:
        data = recipe.render(picture)
    assert b"Secret" not in data
    assert dict(Image.open(BytesIO(data)).getexif()) == {exif.TEXTS["copyright"]: "Zoe"}


@every_format
def test_nothing_is_kept_by_default(format: str) -> None:
    with decoded(signed()) as picture:
        data = Recipe((), format).render(picture)
    assert b"Secret" not in data
    assert b"Zoe" not in data


def test_what_cannot_be_kept_is_named() -> None:
    with decoded(signed()) as picture, pytest.raises(InvalidArgument, match="gps"):
        Recipe((), "PNG", keep_metadata=("gps",)).render(picture)


def test_a_recipe_that_asks_for_nothing_new_has_the_text_that_it_had() -> None:
    plain_text = Recipe((Invert(),), "PNG").to_json()
    texts = {
        plain_text,
        Recipe((Invert(),), "PNG", animated=False).to_json(),
        Recipe((Invert(),), "PNG", color="preserve").to_json(),
        Recipe((Invert(),), "PNG", keep_metadata=("copyright",)).to_json(),
    }
    assert len(texts) == 4
    assert "srgb" not in plain_text


def test_preserved_pixels_are_those_of_the_file() -> None:
    data = photo_bytes((40, 30), format="PNG", icc_profile=p3_profile())
    with decoded(data) as picture:
        image = Recipe((), "PNG", color="preserve").pixels(picture)
        assert largest_difference(image, draw_photo((40, 30))) == 0
