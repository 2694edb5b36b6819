"""The face: a head with soft light on it, eyes, nose and a friendly mouth.

Coordinates are half head heights around the middle of the head, x to the right, y down.
"""

from dataclasses import dataclass

from people.photos.easel import Easel
from people.photos.paint import Colour, Point, curve, darker, lighter, mirrored, mix, oval

HEAD = curve(
    mirrored(
        [
            (0, -1.0),
            (0.4, -0.94),
            (0.68, -0.66),
            (0.77, -0.2),
            (0.74, 0.24),
            (0.63, 0.62),
            (0.36, 0.92),
            (0, 1.02),
        ]
    )
)
NECK = curve(
    mirrored(
        [(0, 0.3), (0.4, 0.35), (0.42, 0.8), (0.44, 1.15), (0.62, 1.4), (0.4, 1.68), (0, 1.84)]
    )
)


@dataclass(frozen=True)
class Skin:
    """The colours of a face in its light."""

    base: Colour
    blush: Colour = (214, 92, 84)
    eyes: Colour = (74, 52, 36)
    accent: float = 1.0
    """How strongly lips and lashes are drawn."""

    @property
    def shadow(self) -> Colour:
        """The side away from the light: redder, as skin lets light through."""
        return mix(mix(self.base, (150, 52, 40), 0.35), (40, 20, 30), 0.3)

    @property
    def light(self) -> Colour:
        """The side towards the light."""
        return lighter(self.base, 0.45)


def paint_neck(easel: Easel, skin: Skin, side: float) -> None:
    """The neck, with the head's shadow on it."""
    easel.fill(NECK, mix(skin.base, skin.shadow, 0.25), blur=0.02)
    easel.shade(NECK, skin.shadow, (side * 0.3, 0), blur=0.2, opacity=0.6)
    jaw = [(x - side * 0.08, y + 0.24) for x, y in HEAD]
    easel.fill(jaw, skin.shadow, blur=0.1, opacity=0.75, within=NECK)
    for bone in (-1, 1):
        easel.fill(oval((bone * 0.22, 1.66), (0.14, 0.02)), skin.light, blur=0.04, opacity=0.4)


def paint_head(easel: Easel, skin: Skin, side: float) -> None:
    """The head without hair; ``side`` is -1 for light from the left, 1 for the right."""
    for ear in (-1, 1):
        _paint_ear(easel, skin, ear, lit=ear == side)
    easel.fill(HEAD, skin.base, blur=0.012)
    easel.shade(HEAD, skin.shadow, (side * 0.5, -0.12), blur=0.3, opacity=0.75)
    easel.shade(HEAD, skin.light, (-side * 0.3, 0.1), blur=0.22, opacity=0.55)
    easel.fill(oval((side * 0.18, -0.5), (0.34, 0.22)), skin.light, blur=0.16, opacity=0.6)
    for cheek in (-1, 1):
        easel.fill(oval((cheek * 0.43, 0.36), (0.16, 0.13)), skin.blush, blur=0.13, opacity=0.38)
    easel.fill(oval((side * 0.42, 0.2), (0.13, 0.07)), skin.light, blur=0.07, opacity=0.5)
    _paint_nose(easel, skin, side)
    for eye in (-1, 1):
        _paint_eye(easel, skin, eye, side)


def _paint_ear(easel: Easel, skin: Skin, ear: int, *, lit: bool) -> None:
    outer = oval((ear * 0.79, 0.08), (0.13, 0.24))
    easel.fill(outer, skin.base if lit else mix(skin.base, skin.shadow, 0.6), blur=0.012)
    easel.fill(oval((ear * 0.79, 0.09), (0.06, 0.14)), skin.shadow, blur=0.03, opacity=0.6)


def _paint_nose(easel: Easel, skin: Skin, side: float) -> None:
    shadow = curve([(-side * 0.03, -0.02), (-side * 0.09, 0.2), (-side * 0.17, 0.4), (0, 0.45)])
    easel.fill(shadow, skin.shadow, blur=0.05, opacity=0.42)
    easel.fill(oval((0, 0.42), (0.15, 0.05)), skin.shadow, blur=0.04, opacity=0.6)
    for nostril in (-1, 1):
        spot = oval((nostril * 0.075, 0.43), (0.035, 0.018))
        easel.fill(spot, darker(skin.shadow, 0.5), blur=0.015, opacity=0.7)
    easel.fill(oval((side * 0.025, 0.14), (0.04, 0.2)), skin.light, blur=0.05, opacity=0.6)
    easel.fill(oval((side * 0.02, 0.33), (0.05, 0.04)), skin.light, blur=0.025, opacity=0.8)


def paint_mouth(easel: Easel, skin: Skin) -> None:
    """A smile; painted after a beard, which would cover it."""
    lip = mix(skin.shadow, skin.blush, 0.25 + 0.4 * skin.accent)
    smile = curve(
        [
            (-0.27, 0.6),
            (-0.1, 0.625),
            (0, 0.635),
            (0.1, 0.625),
            (0.27, 0.6),
            (0.15, 0.73),
            (0, 0.765),
            (-0.15, 0.73),
        ]
    )
    easel.fill(oval((0, 0.83), (0.15, 0.03)), skin.shadow, blur=0.04, opacity=0.5)
    easel.fill(
        curve([(-0.29, 0.59), (-0.08, 0.56), (0, 0.575), (0.08, 0.56), (0.29, 0.59), (0, 0.8)]),
        lip,
        blur=0.015,
    )
    easel.fill(smile, darker(lip, 0.55), blur=0.01)
    teeth = curve([(-0.2, 0.62), (0, 0.64), (0.2, 0.62), (0.1, 0.685), (0, 0.7), (-0.1, 0.685)])
    easel.fill(teeth, (246, 240, 230), blur=0.012, opacity=0.95, within=smile)
    easel.fill(oval((0, 0.775), (0.09, 0.012)), lighter(lip, 0.6), blur=0.015, opacity=0.7)
    for corner in (-1, 1):
        easel.fill(oval((corner * 0.3, 0.595), (0.025, 0.03)), skin.shadow, blur=0.02, opacity=0.7)


def _paint_eye(easel: Easel, skin: Skin, eye: int, side: float) -> None:
    x, y = eye * 0.33, 0.06
    almond = curve(
        [(x - 0.15, y + 0.01), (x - 0.02, y - 0.085), (x + 0.15, y + 0.01), (x + 0.01, y + 0.065)]
    )
    easel.fill(oval((x, y - 0.02), (0.22, 0.14)), skin.shadow, blur=0.07, opacity=0.45)
    easel.fill(almond, (240, 234, 228), blur=0.008)
    easel.fill(oval((x, y - 0.012), (0.078, 0.078)), skin.eyes, blur=0.008, within=almond)
    easel.fill(
        oval((x, y + 0.02), (0.05, 0.035)),
        lighter(skin.eyes, 0.4),
        blur=0.02,
        opacity=0.6,
        within=almond,
    )
    easel.fill(oval((x, y - 0.012), (0.037, 0.037)), (14, 10, 12), blur=0.006, within=almond)
    easel.fill(oval((x + side * 0.03, y - 0.04), (0.018, 0.018)), (255, 255, 255), blur=0.005)
    lid: list[Point] = [
        (x - 0.165, y + 0.02),
        (x - 0.1, y - 0.06),
        (x - 0.01, y - 0.09),
        (x + 0.09, y - 0.065),
        (x + 0.165, y + 0.015),
    ]
    easel.strokes([lid], darker(skin.shadow, 0.75), width=0.016 + 0.014 * skin.accent, blur=0.008)
