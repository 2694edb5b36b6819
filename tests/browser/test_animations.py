"""Animations as Chromium shows them: what it sees of an original, it sees of its renditions."""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.drawing import draw_photo
from tests.imaging.animations import animation_bytes
from tests.imaging.comparing import psnr
from tests.imaging.layered import CELL, STORIES, written
from versatile.imaging.decoding import open_picture
from versatile.imaging.formats import format_to_mimetype
from versatile.imaging.recipe import Recipe
from versatile.processors import ResizeToFit

FRAMES = """async ([content, type]) => {
    const data = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({data, type});
    await decoder.tracks.ready;
    await decoder.completed;
    const shown = [];
    for (let index = 0; index < decoder.tracks.selectedTrack.frameCount; index += 1) {
        const {image} = await decoder.decode({frameIndex: index});
        const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        shown.push([canvas.width, canvas.height, image.duration, Array.from(pixels)]);
        image.close();
    }
    return shown;
}"""
"""Each frame: its size, its microseconds, and its pixels as red, green, blue and opacity."""

LOSSLESS: dict[str, Any] = {
    "WEBP": (("lossless", True),),
    "AVIF": (("quality", 95), ("subsampling", "4:4:4")),
}
ALIKE = 30
"""Decibels between what differs by a codec alone."""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of nothing, which may decode pictures as it is of this machine."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.route("http://localhost/", lambda route: route.fulfill(body="<!doctype html>"))
        page.goto("http://localhost/")
        yield page


def shown(page: Page, data: bytes, format: str) -> list[tuple[Image.Image, float]]:
    """The frames that the browser shows, and for how many milliseconds each."""
    content = base64.b64encode(data).decode()
    told = page.evaluate(FRAMES, [content, format_to_mimetype(format)])
    return [
        (Image.frombytes("RGBA", (width, height), bytes(pixels)), duration / 1000)
        for width, height, duration, pixels in told
    ]


def rendered(data: bytes, width: int, format: str) -> bytes:
    recipe = Recipe((ResizeToFit(width, width),), format, LOSSLESS.get(format, ()))
    with open_picture(BytesIO(data)) as picture:
        picture.decode()
        return recipe.render(picture)


@pytest.mark.parametrize("name", STORIES)
def test_layers_are_laid_as_the_browser_lays_them(page: Page, name: str) -> None:
    story = STORIES[name]
    width = CELL * len(story.seen[0])
    for format in story.formats:
        original = shown(page, written(story, format), format)
        for output in ("PNG", "WEBP"):
            made = shown(page, rendered(written(story, format), width, output), output)
            for (one, time), (other, same) in zip(original, made, strict=True):
                assert time == same
                assert psnr(one, other) > ALIKE


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "AVIF"])
def test_all_formats_are_shown_in_the_same_colours(page: Page, format: str) -> None:
    frames = [draw_photo((80, 60), seed=seed) for seed in (1, 2, 3)]
    made = shown(
        page, rendered(animation_bytes("PNG", frames, [100, 200, 300]), 80, format), format
    )
    assert [duration for _, duration in made] == [100, 200, 300]
    for (image, _), frame in zip(made, frames, strict=True):
        assert psnr(image.convert("RGB"), frame) > (26 if format == "GIF" else ALIKE)
