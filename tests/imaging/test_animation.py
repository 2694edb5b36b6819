import logging
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.drawing import draw_photo, photo_bytes, turned
from tests.imaging.animations import (
    DURATIONS,
    FORMATS,
    animation_bytes,
    draw_frames,
    loop,
    seen,
)
from tests.imaging.comparing import psnr
from versatile.imaging import animation
from versatile.imaging.decoding import open_picture
from versatile.imaging.encoding import freeze
from versatile.imaging.exceptions import EncodingError, ProcessorError, TruncatedAnimation
from versatile.imaging.limits import UNLIMITED, Limits
from versatile.imaging.recipe import Processor, Recipe, render_each
from versatile.processors import (
    Adjust,
    CropAroundPoint,
    GaussianBlur,
    Invert,
    ResizeToFill,
    ResizeToFit,
    SetOpacity,
    SmartCrop,
    SmartResize,
    TrimBorderColor,
)

LOGGER = "versatile.imaging.animation"
PRECISE = {
    "GIF": freeze({}),
    "PNG": freeze({}),
    "WEBP": freeze({"lossless": True}),
    "AVIF": freeze({"quality": 95, "subsampling": "4:4:4"}),
}
every_format = pytest.mark.parametrize("format", FORMATS)


def rendered(data: bytes, *processors: Any, format: str, limits: Limits = UNLIMITED) -> bytes:
    recipe = Recipe(processors, format, PRECISE.get(format, ()))
    with open_picture(BytesIO(data), limits) as picture:
        ((_, result),) = render_each(picture, [recipe])
    if isinstance(result, Exception):
        raise result
    return result


def visible(image: Image.Image) -> Image.Image:
    """What is seen on a background that no frame has."""
    canvas = Image.new("RGBA", image.size, "#3070c0")
    canvas.alpha_composite(image.convert("RGBA"))
    return canvas.convert("RGB")


@every_format
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(
    "processor",
    [ResizeToFit(40, 40), CropAroundPoint(50, 50, (0.2, 0.5)), Invert(), ResizeToFit(120, 120)],
    ids=repr,
)
def test_each_frame_shows_what_it_would_show_alone(
    processor: Processor, mode: str, format: str
) -> None:
    data = animation_bytes(format, draw_frames(mode=mode))
    result = seen(rendered(data, processor, format=format))
    assert [duration for _, duration in result] == DURATIONS
    for (frame, _), (source, _) in zip(result, seen(data), strict=True):
        alone = processor.process(source)
        if format == "GIF":  # which has no half transparency
            opaque = alone.getchannel("A").point(lambda level: 255 if level >= 128 else 0)
            alone.putalpha(opaque)
        assert frame.size == alone.size
        assert psnr(visible(frame), visible(alone)) >= (27 if format == "GIF" else 30)


@every_format
@pytest.mark.parametrize("plays", [0, 1, 3])
def test_it_is_repeated_as_often_as_the_original(plays: int, format: str) -> None:
    options: dict[str, Any] = {"loop": plays}
    if format == "GIF":
        options = {"loop": None if plays == 1 else max(plays - 1, 0)}
    data = animation_bytes(format, **options)
    assert loop(rendered(data, ResizeToFit(40, 40), format=format)) == loop(data)


@pytest.mark.parametrize(("again", "plays"), [(None, 1), (0, 0), (2, 3)])
@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_how_often_a_gif_is_shown_again_is_how_often_others_are_shown(
    again: int | None, plays: int, format: str
) -> None:
    data = animation_bytes("GIF", loop=again)
    assert loop(rendered(data, ResizeToFit(40, 40), format=format)) == plays


@pytest.mark.parametrize(("plays", "again"), [(0, 0), (1, None), (3, 2)])
def test_and_the_other_way_round(plays: int, again: int | None) -> None:
    data = animation_bytes("WEBP", loop=plays)
    assert loop(rendered(data, ResizeToFit(40, 40), format="GIF")) == again


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_frames_without_a_pace_run_as_browsers_show_them(format: str) -> None:
    data = animation_bytes("GIF", durations=[0, 10, 20, 300])
    durations = [duration for _, duration in seen(rendered(data, Invert(), format=format))]
    assert durations == [100, 100, 20, 300]
    kept = [duration for _, duration in seen(rendered(data, Invert(), format="GIF"))]
    assert kept == [0, 10, 20, 300]


def test_an_avif_that_moves_has_the_levels_that_browsers_take_for_granted() -> None:
    still = rendered(photo_bytes((60, 40), format="AVIF"), Invert(), format="AVIF")
    moving = rendered(animation_bytes("GIF"), Invert(), format="AVIF")
    colours = b"colrnclx" + struct.pack(">HHH", 1, 13, 6)  # and then one bit for all levels
    assert {part[0] & 128 for part in still.split(colours)[1:]} == {128}
    assert {part[0] & 128 for part in moving.split(colours)[1:]} == {0}


@pytest.mark.parametrize("format", ["JPEG", "TIFF", "BMP", "ICO"])
def test_a_format_of_stills_shows_the_first_frame(format: str) -> None:
    data = animation_bytes("GIF")
    result = seen(rendered(data, ResizeToFit(40, 40), format=format))
    assert len(result) == 1
    assert psnr(visible(result[0][0]), visible(seen(data)[0][0].resize((40, 30)))) > 25


@every_format
def test_a_recipe_may_ask_for_the_first_frame_alone(format: str) -> None:
    data = animation_bytes(format)
    with open_picture(BytesIO(data)) as picture:
        picture.decode()
        result = seen(Recipe((ResizeToFit(40, 40),), format, animated=False).render(picture))
    assert len(result) == 1


@pytest.mark.parametrize("limits", [Limits(max_frames=3), Limits(max_frames_area=4 * 80 * 60 - 1)])
@every_format
def test_beyond_the_limits_the_first_frame_is_shown_and_that_is_logged(
    limits: Limits, format: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    data = animation_bytes(format)
    assert len(seen(rendered(data, ResizeToFit(40, 40), format=format, limits=limits))) == 1
    (record,) = [item for item in caplog.records if item.name == LOGGER]
    assert "MAX_FRAMES" in record.getMessage()
    exact = Limits(max_frames=4, max_frames_area=4 * 80 * 60)
    assert len(seen(rendered(data, ResizeToFit(40, 40), format=format, limits=exact))) == 4


@pytest.mark.parametrize("known", [True, False])
def test_what_is_enlarged_counts_as_it_is_written(
    known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    processor: Any = ResizeToFit(800, 600) if known else Enlarging()
    limits = Limits(max_frames_area=1_000_000)
    result = seen(rendered(animation_bytes("GIF"), processor, format="GIF", limits=limits))
    assert [image.size for image, _ in result] == [(800, 600)]
    assert "800×600" in caplog.text


class Enlarging:
    """Somebody's processor, whose size nobody knows before."""

    def process(self, image: Image.Image) -> Image.Image:
        return image.resize((800, 600))


class Growing:
    """Somebody's processor that makes frames of two sizes."""

    def process(self, image: Image.Image) -> Image.Image:
        red, green, _ = image.convert("RGB").getpixel((10, 30))  # type: ignore[misc]
        return image.resize((20, 20) if (red, green) == (200, 40) else (30, 30))


def test_a_processor_that_makes_two_sizes_is_shown_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    result = seen(rendered(animation_bytes("PNG"), Growing(), format="PNG"))
    assert [image.size for image, _ in result] == [(20, 20)]
    assert "(20, 20)" in caplog.text


@dataclass(frozen=True)
class WritesItself:
    """A sizer written the old way."""

    def process(self, image: Image.Image) -> Image.Image:
        return image

    def encode(self, image: Image.Image, format: str) -> bytes:
        assert getattr(image, "n_frames", 1) == 1
        file = BytesIO()
        image.convert("RGB").resize((9, 9)).save(file, format)
        return file.getvalue()


@pytest.mark.parametrize("steps", [(WritesItself(),), (WritesItself(), Invert())])
def test_who_writes_a_file_of_its_own_gets_the_first_frame(steps: tuple[Any, ...]) -> None:
    assert len(seen(rendered(animation_bytes("PNG"), *steps, format="PNG"))) == 1


@pytest.mark.parametrize(
    "processor",
    [
        SmartCrop(30, 30),
        SmartResize(30, 40),
        SmartResize(100, 90),
        TrimBorderColor(),
        Adjust(contrast=1.4),
        Adjust(),
        SetOpacity(100),
    ],
    ids=repr,
)
@pytest.mark.parametrize("before", [(), (ResizeToFill(70, 50),)], ids=["first", "later"])
def test_what_pixels_decide_is_decided_on_the_first_frame(
    before: tuple[Processor, ...], processor: Any
) -> None:
    frames = draw_frames(mode="RGBA")
    for index, frame in enumerate(frames):  # brighter and with more in it, from frame to frame
        frame.paste((40 * index, 30, 90, 120 + 40 * index), (0, 40, 80, 60 - 4 * index))
    data = animation_bytes("PNG", frames)
    first, *others = (image for image, _ in seen(data))
    first = before[0].process(first) if before else first
    fixed = getattr(processor, "settled", lambda image: processor)(first)
    result = seen(rendered(data, *before, processor, format="PNG"))
    assert len(result) == 4
    for (made, _), other in zip(result[1:], others, strict=True):
        expected = fixed.process(before[0].process(other) if before else other)
        assert psnr(visible(made), visible(expected)) > 40


def test_a_still_beside_an_animation_is_none_of_its_frames() -> None:
    first, *others = draw_frames()
    still = ImageChops.invert(first)
    data = animation_bytes("PNG", [still, first, *others], default_image=True)
    with Image.open(BytesIO(data)) as image:
        assert image.info["default_image"]
    result = seen(rendered(data, Invert(), format="PNG"))
    assert len(result) == 4
    assert psnr(visible(result[0][0]), still) > 40


def test_a_photo_with_an_orientation_may_move() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    frames = draw_frames()
    data = animation_bytes("WEBP", [turned(frame, 6) for frame in frames], exif=exif)
    result = seen(rendered(data, Invert(), format="WEBP"))
    for (made, _), frame in zip(result, frames, strict=True):
        assert psnr(visible(made), ImageChops.invert(frame)) > 30


def test_a_frame_that_hangs_over_the_first_is_cut_off() -> None:
    one, other = draw_photo((80, 60), seed=1), draw_photo((80, 60), seed=2)
    data = bytearray(animation_bytes("GIF", [one, other], [100, 100]))
    place = struct.pack("<cHHHH", b",", 0, 0, 80, 60)
    second = data.index(place, data.index(place) + 1)
    data[second : second + 9] = struct.pack("<cHHHH", b",", 30, 0, 80, 60)
    with Image.open(BytesIO(data)) as image:
        image.seek(1)
        assert image.size == (110, 60)
    result = seen(rendered(bytes(data), Invert(), format="GIF"))
    assert [image.size for image, _ in result] == [(80, 60), (80, 60)]


@every_format
def test_a_later_frame_that_is_broken_is_a_fault_of_the_source(format: str) -> None:
    data = animation_bytes(format)
    # So that the file is as long as it says: only pixels of the last frames are wrong.
    broken = data[:-300] if format == "GIF" else data[:-300] + bytes(300)
    recipes = [Recipe((ResizeToFit(40, 40),), format), Recipe((ResizeToFit(20, 20),), "JPEG")]
    with open_picture(BytesIO(broken)) as picture, pytest.raises(TruncatedAnimation) as caught:
        list(render_each(picture, recipes))
    assert caught.value.__cause__ is not None


def test_what_fails_on_a_later_frame_is_named() -> None:
    class Failing:
        calls = 0

        def process(self, image: Image.Image) -> Image.Image:
            self.calls += 1
            return image.resize((20, 20)) if self.calls < 3 else 1 / 0  # type: ignore[return-value]

    with pytest.raises(ProcessorError, match="ZeroDivisionError"):
        rendered(animation_bytes("PNG"), Failing(), format="PNG")


def test_what_cannot_be_written_is_an_encoding_error() -> None:
    recipe = Recipe((ResizeToFit(40, 40),), "WEBP", freeze({"quality": "no number"}))
    with open_picture(BytesIO(animation_bytes("WEBP"))) as picture:
        ((_, error),) = render_each(picture, [recipe])
    assert isinstance(error, EncodingError)


@pytest.mark.parametrize("format", FORMATS)
def test_a_still_is_one_frame(format: str) -> None:
    result = seen(rendered(photo_bytes((60, 40), format=format), Invert(), format=format))
    assert len(result) == 1


@every_format
def test_a_set_of_moving_and_still_renditions_disturbs_none(format: str) -> None:
    data = animation_bytes(format)
    recipes = [
        Recipe((Invert(),), format, PRECISE[format]),
        Recipe((ResizeToFit(40, 40),), "JPEG"),
        Recipe((GaussianBlur(1),), format, PRECISE[format]),
        Recipe((ResizeToFit(30, 30),), format, PRECISE[format]),
        Recipe((), "PNG"),
    ]
    with open_picture(BytesIO(data)) as picture:
        together = dict(render_each(picture, recipes))
    for index, recipe in enumerate(recipes):
        with open_picture(BytesIO(data)) as picture:
            ((_, alone),) = render_each(picture, [recipe])
        made = together[index]
        assert isinstance(made, bytes)
        assert isinstance(alone, bytes)
        pairs = zip(seen(made), seen(alone), strict=True)
        assert all(psnr(visible(one), visible(other)) > 45 for (one, _), (other, _) in pairs)


def test_equal_frames_are_shown_for_as_long_as_all_of_them() -> None:
    one, other = draw_photo((40, 30), seed=1), draw_photo((40, 30), seed=2)
    data = animation_bytes("AVIF", [one, one, other, other], [100, 200, 300, 400])
    for format in FORMATS:
        result = seen(rendered(data, ResizeToFit(30, 30), format=format))
        assert sum(duration for _, duration in result) == 1000


def test_frames_are_decoded_one_after_another() -> None:
    with open_picture(BytesIO(animation_bytes("WEBP"))) as picture:
        picture.decode()
        sizes = [frame.picture.size for frame in animation.frames(picture)]
    assert sizes == [(80, 60)] * 4


@every_format
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_no_global_limit_of_pillow_is_asked(
    mode: str, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = animation_bytes(format, draw_frames(mode=mode))
    with monkeypatch.context() as patch:
        patch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
        made = rendered(data, SmartCrop(60, 50), format=format)
    assert len(seen(made)) == 4
