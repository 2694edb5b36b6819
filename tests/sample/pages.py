"""What all pages of the sample project keep to."""

import re

FOREIGN = re.compile(r"\sstyle=|<style|<script|\son\w+=|https?://")
"""What is inline, or comes from elsewhere: its policy forbids both."""


def images(html: str) -> list[str]:
    return re.findall(r"<img\b[^>]*>", html)


def assert_images_are_described(html: str, *, least: int) -> None:
    """Every image, of at least so many, has sides and a text, so that nothing jumps."""
    found = images(html)
    assert len(found) >= least
    for image in found:
        assert re.search(r'width="\d+"', image), image
        assert re.search(r'height="\d+"', image), image
        assert re.search(r'alt="', image), image
