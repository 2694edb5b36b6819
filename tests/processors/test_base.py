import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields

import pytest
from PIL import Image

from tests.drawing import draw_photo
from tests.imaging.comparing import levels, psnr
from tests.processors.samples import (
    ALL,
    GENTLE,
    NORMAL_MODES,
    OF_NEIGHBOURS,
    OTHER_MODES,
    POINTWISE,
    RESAMPLERS,
    drawn,
)
from versatile.imaging.geometry import Box, Size, Window
from versatile.processors import PointProcessor, Processor, Resampler

every_processor = pytest.mark.parametrize("processor", ALL, ids=repr)
every_mode = pytest.mark.parametrize("mode", [*NORMAL_MODES, *OTHER_MODES])


@every_processor
@every_mode
def test_the_input_is_never_changed(processor: Processor, mode: str) -> None:
    image = drawn(mode)
    before = image.mode, image.size, image.tobytes(), dict(image.info)
    result = processor.process(image)
    assert result is not image
    result.putpixel((0, 0), 7 if len(result.getbands()) == 1 else (7,) * len(result.getbands()))
    assert (image.mode, image.size, image.tobytes(), image.info) == before


@every_processor
@every_mode
def test_the_result_can_be_processed_again(processor: Processor, mode: str) -> None:
    result = processor.process(drawn(mode))
    assert result.mode in {*NORMAL_MODES, "CMYK"}
    assert processor.process(result).mode in {*NORMAL_MODES, "CMYK"}


@every_processor
@every_mode
def test_the_size_is_foretold(processor: Processor, mode: str) -> None:
    assert processor.process(drawn(mode)).size == processor.output_size(Size(40, 30))


@pytest.mark.parametrize("processor", [*POINTWISE, *OF_NEIGHBOURS], ids=repr)
@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
def test_filters_keep_transparency(processor: Processor, mode: str) -> None:
    alpha = processor.process(drawn(mode)).getchannel("A")
    assert alpha.getpixel((0, 0)) == 0
    assert alpha.getpixel((20, 15)) == 255


@every_processor
def test_a_processor_is_a_value(processor: Processor) -> None:
    twin = copy.deepcopy(processor)
    assert twin == processor
    assert hash(twin) == hash(processor)
    assert pickle.loads(pickle.dumps(processor)) == processor
    assert [item for item in ALL if item == processor] == [processor]


@every_processor
def test_a_processor_does_not_change(processor: Processor) -> None:
    for item in fields(processor):  # type: ignore[arg-type]
        with pytest.raises(FrozenInstanceError):
            setattr(processor, item.name, 1)


def test_only_processors_of_colours_are_pointwise() -> None:
    assert all(item.pointwise for item in POINTWISE)
    assert not any(item.pointwise for item in [*OF_NEIGHBOURS, *RESAMPLERS])


def test_who_looks_at_neighbours_is_not_gentle() -> None:
    assert all(item.gentle for item in [*POINTWISE, *GENTLE])
    assert not any(item.gentle for item in OF_NEIGHBOURS)


@pytest.mark.parametrize("processor", POINTWISE, ids=repr)
@pytest.mark.parametrize("mode", NORMAL_MODES)
def test_each_pixel_of_a_pointwise_result_comes_from_that_pixel(
    processor: Processor, mode: str
) -> None:
    photo, place = draw_photo((40, 30), mode), (13, 9, 14, 10)
    alone = processor.process(photo.crop(place))
    assert levels(processor.process(photo).crop(place)) == levels(alone)


@dataclass(frozen=True)
class Corner(Resampler):
    side: int

    def window(self, size: Size) -> Window:
        return Window(Box(0, 0, self.side, self.side), Size(self.side, self.side))


@dataclass(frozen=True)
class Darken(PointProcessor):
    def recolour(self, image: Image.Image) -> Image.Image:
        assert image.mode in {"L", "RGB"}
        return image.point(lambda level: level // 2)


@pytest.mark.parametrize("mode", NORMAL_MODES)
def test_a_resampler_of_ones_own_needs_a_window_only(mode: str) -> None:
    photo = draw_photo((40, 30), mode)
    result = Corner(7).process(photo)
    assert psnr(result, photo.crop((0, 0, 7, 7))) == 99
    assert Corner(7).output_size(Size(40, 30)) == (7, 7)


def test_a_part_may_be_enlarged_to_the_size_of_the_picture() -> None:
    @dataclass(frozen=True)
    class Zoom(Resampler):
        def window(self, size: Size) -> Window:
            return Window(Box(0, 0, size.width / 2, size.height / 2), size)

    photo = draw_photo((40, 30))
    expected = photo.resize((40, 30), Image.Resampling.LANCZOS, box=(0, 0, 20, 15))
    assert levels(Zoom().process(photo)) == levels(expected)


def test_a_window_of_everything_copies_it() -> None:
    photo = draw_photo((30, 30))
    assert Corner(30).process(photo).tobytes() == photo.tobytes()


@pytest.mark.parametrize("mode", [*NORMAL_MODES, *OTHER_MODES])
def test_a_processor_of_colours_of_ones_own_sees_grey_or_colours_only(mode: str) -> None:
    result = Darken().process(drawn(mode))
    assert max(result.convert("L").tobytes()) < 128
    if mode in {"LA", "RGBA", "PA"}:
        assert (
            result.getchannel("A").tobytes()
            == drawn(mode).convert("RGBA").getchannel("A").tobytes()
        )


def test_kinds_of_processor_cannot_be_made_without_their_work() -> None:
    for kind in (Processor, PointProcessor, Resampler):
        with pytest.raises(TypeError, match="abstract"):
            kind()  # type: ignore[abstract]
