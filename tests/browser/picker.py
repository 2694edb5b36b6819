"""The picker as a hand meets it, and what it shows to the eye."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import FloatRect, Locator

Point = tuple[float, float]


@dataclass(frozen=True)
class Picker:
    """One ``<versatile-ppoi>`` on a page."""

    element: Locator

    @property
    def stage(self) -> Locator:
        return self.element.locator(".versatile-ppoi-stage")

    @property
    def handle(self) -> Locator:
        return self.element.get_by_role("slider")

    @property
    def picture(self) -> Locator:
        return self.stage.locator("canvas, img")

    @property
    def bubble(self) -> Locator:
        return self.element.locator(".versatile-ppoi-bubble")

    @property
    def reset(self) -> Locator:
        return self.element.get_by_role("button", name="Reset")

    @property
    def previews(self) -> Locator:
        return self.element.locator("[data-crop]").locator("canvas, img")

    @property
    def point(self) -> Point:
        """What would be sent."""
        x, y = self.element.locator("input[type=hidden]").input_value().split("x")
        return float(x), float(y)

    def box(self) -> FloatRect:
        """Where the picture is on the screen, scrolled there if it was not."""
        self.stage.scroll_into_view_if_needed()
        box = self.picture.bounding_box()
        assert box is not None, "the picture is not shown"
        return box

    def at(self, point: Point) -> Point:
        """Where a point of the picture is on the screen."""
        box = self.box()
        return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]

    def click(self, point: Point) -> None:
        """Press and release the mouse over a point of the picture."""
        self.element.page.mouse.click(*self.at(point))

    def drag(self, *points: Point) -> None:
        """Press the mouse over the first point, move it over the others, release."""
        mouse = self.element.page.mouse
        first, *others = (self.at(point) for point in points)
        mouse.move(*first)
        mouse.down()
        for spot in others:
            mouse.move(*spot, steps=5)
        mouse.up()

    def positions(self) -> list[str]:
        """Which part of the picture each live preview shows, as CSS says it."""
        script = "nodes => nodes.map(node => getComputedStyle(node).objectPosition)"
        positions: list[str] = self.previews.evaluate_all(script)
        return positions


def picker_in(place: Locator) -> Picker:
    """The picker in a part of a page."""
    return Picker(place.locator("versatile-ppoi"))
