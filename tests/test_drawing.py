from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from tests.drawing import draw_photo, photo_bytes

MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "I;16", "YCbCr"]


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_can_be_drawn(mode: str) -> None:
    photo = draw_photo((48, 32), mode)
    assert (photo.size, photo.mode) == ((48, 32), mode)


def test_the_same_seed_draws_the_same_photo() -> None:
    assert draw_photo((40, 30)).tobytes() == draw_photo((40, 30)).tobytes()
    assert draw_photo((40, 30)).tobytes() != draw_photo((40, 30), seed=1).tobytes()


def test_deep_modes_use_their_depth() -> None:
    assert np.asarray(draw_photo((40, 30), "I;16")).max() > 255


def test_a_photo_is_grainy_and_smooth() -> None:
    photo = draw_photo((120, 90), "L")
    grain = ImageChops.difference(photo, ImageChops.offset(photo, 1, 0)).crop((1, 0, 120, 90))
    assert 1 < ImageStat.Stat(grain).mean[0] < 20


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_viewer_sees_the_same_photo_in_every_orientation(orientation: int) -> None:
    data = photo_bytes((40, 24), orientation=orientation, format="PNG")
    stored = Image.open(BytesIO(data))
    assert ImageOps.exif_transpose(stored).tobytes() == draw_photo((40, 24)).tobytes()
