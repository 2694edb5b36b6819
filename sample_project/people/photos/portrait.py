"""A portrait: one person from the chest up, painted in the light of a scene."""

import random
from dataclasses import dataclass

from people.photos.clothes import COLLARS, paint_top
from people.photos.easel import Easel
from people.photos.face import Skin, paint_head, paint_mouth, paint_neck
from people.photos.hair import Hair, paint_back, paint_beard, paint_brows, paint_cap
from people.photos.paint import Colour
from people.photos.wear import WEAR


@dataclass(frozen=True)
class Look:
    """Everything that is drawn of one person."""

    skin: Skin
    hair: Hair
    top: Colour
    collar: str = "crew"
    wears: tuple[str, ...] = ()


def paint_portrait(body: Easel, head: Easel, look: Look, side: float, rng: random.Random) -> None:
    """Body and head on two easels, so that the head can tilt by itself."""
    paint_back(head, look.hair, side, rng)
    paint_top(body, look.top, side, rng)
    paint_neck(body, look.skin, side)
    COLLARS[look.collar](body, look.top, side)
    paint_head(head, look.skin, side)
    paint_brows(head, look.hair)
    if look.hair.beard:
        paint_beard(head, look.hair, rng)
    paint_mouth(head, look.skin)
    if look.hair.cap:
        paint_cap(head, look.hair, side, rng)
    for piece in look.wears:
        WEAR[piece](head, side)
