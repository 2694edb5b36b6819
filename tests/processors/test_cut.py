import pytest
from PIL import Image

from tests.drawing import draw_photo
from versatile.imaging.geometry import Size
from versatile.processors import SmartCrop, SmartResize, TrimBorderColor
from versatile.processors.cut import Cut, cropped

BOX = (3, 4, 33, 25)
MODES = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16", "I", "F"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("box", [BOX, (0, 0, 40, 30), (39, 29, 40, 30)])
def test_it_gives_what_pillow_crops(mode: str, box: tuple[int, int, int, int]) -> None:
    photo = draw_photo((40, 30), mode)
    cut, expected = cropped(photo, box), photo.crop(box)
    assert (cut.mode, cut.size, cut.tobytes()) == (expected.mode, expected.size, expected.tobytes())
    assert cut.getpalette() == expected.getpalette()
    assert Cut(box).process(photo).tobytes() == expected.tobytes()
    assert Cut(box).output_size(Size(40, 30)) == expected.size


@pytest.mark.parametrize(
    "processor", [SmartCrop(20, 10), SmartResize(20, 20), SmartResize(90, 90), TrimBorderColor()]
)
def test_no_global_limit_of_pillow_is_asked(
    processor: SmartCrop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    processor.process(draw_photo((40, 30)))
