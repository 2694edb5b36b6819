"""Every mode, in every format, through every operation: the size, the colours, the opacity."""

import re
from collections.abc import Sequence
from io import BytesIO

import pytest
from PIL import Image, ImageOps

from tests.conformance import cases, tables
from tests.conformance.cases import Case, Moving, judged, outcome
from tests.conformance.pictures import DURATIONS, KINDS, PLAYS, SIZE, draw, moving, still
from versatile.imaging.encoding import MOVING
from versatile.imaging.formats import READABLE

# Together they are slow, and one worker does each case once, for its test and for the tables.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("conformance")]


@pytest.mark.parametrize("case", list(cases.incoming()), ids=str)
def test_what_comes_in_is_shown_as_it_was_drawn(case: Case) -> None:
    assert outcome(case).fault == ""


@pytest.mark.parametrize("case", list(cases.outgoing()), ids=str)
def test_what_goes_out_is_what_its_format_can_hold(case: Case) -> None:
    assert outcome(case).fault == ""


@pytest.mark.parametrize("case", list(cases.orientations()), ids=str)
def test_what_is_turned_is_shown_upright(case: Case) -> None:
    assert outcome(case).fault == ""


@pytest.mark.parametrize("case", list(cases.animations()), ids=str)
def test_what_moves_goes_on_moving_where_it_can(case: Moving) -> None:
    film = cases.film(case)
    assert {frame.fault for frame in film.frames} == {""}
    if case.output not in MOVING:
        assert len(film.frames) == 1
        return
    assert list(film.durations) == DURATIONS
    if "AVIF" not in (case.source, case.output):  # which runs for ever
        assert film.loop == (PLAYS - 1 if case.output == "GIF" else PLAYS)


# The judge itself


def shown(image: Image.Image, format: str = "PNG") -> Image.Image:
    file = BytesIO()
    image.save(file, format)
    return Image.open(file)


SHARP = Case("RGB", "PNG", "Adjust", "PNG")
CLEAR = Case("RGBA", "PNG", "sharpen", "PNG")
SMALL = Case("RGBA", "PNG", "thumbnail 50x50", "PNG")


def test_the_originals_are_what_they_are_called() -> None:
    for kind, drawn in KINDS.items():
        assert draw(kind).mode == drawn.mode
        for format in drawn.formats:
            with Image.open(BytesIO(still(kind, format))) as image:
                assert (image.format, image.size) == (format, SIZE)
    turned = ImageOps.exif_transpose(Image.open(BytesIO(still("RGB", "PNG", 6))))
    assert turned.tobytes() == draw("RGB").tobytes()
    for format in MOVING:
        with Image.open(BytesIO(moving(format))) as image:
            assert getattr(image, "n_frames", 1) == len(DURATIONS)


def test_every_format_that_is_read_has_its_column() -> None:
    assert {format for drawn in KINDS.values() for format in drawn.formats} == set(READABLE)


@pytest.mark.parametrize(
    ("image", "case", "fault"),
    [
        (draw("RGB").resize((40, 30)), SHARP, r"its size is \(40, 30\)"),
        (draw("RGB"), SHARP, "a level differs by 110"),
        (ImageOps.mirror(draw("RGBA")), CLEAR, "a level differs"),
        (draw("RGBA").convert("RGB"), CLEAR, "a level differs by 255"),
        (draw("RGBA").convert("RGBa").resize((50, 33)).convert("RGBA"), SMALL, ""),
    ],
)
def test_what_is_wrong_is_called_so(image: Image.Image, case: Case, fault: str) -> None:
    found = judged(shown(image), case).fault
    assert (found == "") is (fault == "")
    assert re.match(fault, found)


def test_a_colour_that_was_hidden_may_not_show() -> None:
    bands = [band.resize((50, 33), Image.Resampling.LANCZOS) for band in draw("RGBA").split()]
    assert "G goes from" in judged(shown(Image.merge("RGBA", bands)), SMALL).fault


def test_a_file_of_another_format_is_wrong() -> None:
    assert judged(shown(draw("L"), "BMP"), SMALL).fault == "it is BMP"


@pytest.mark.parametrize("name", tables.TABLES)
def test_the_page_shows_all_that_was_done(name: str) -> None:
    table = tables.TABLES[name]()
    assert {len(row) for row in table} == {len(table[0])}
    assert "wrong" not in "".join(cell for row in table for cell in row)


def test_the_page_shows_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(case: Case) -> cases.Outcome:
        return cases.Outcome("RGB", 99, "a level differs by 99")

    monkeypatch.setattr(cases, "outcome", always)
    told: Sequence[Sequence[str]] = tables.TABLES["orientations"]()
    assert {cell for row in told[1:] for cell in row[1:]} == {"wrong"}
