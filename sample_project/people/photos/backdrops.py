"""Backdrops: the places behind the people, out of focus as behind a portrait lens.

Each takes a size and a random and gives a picture. They are painted small and blurred, so
the caller may ask for a quarter of the photo's size and enlarge it.
"""

import random
from collections.abc import Callable

from PIL import Image

from people.photos.landscapes import mountains, sea, snow
from people.photos.lights import autumn, city, forest
from people.photos.paint import Size
from people.photos.rooms import library, studio

Backdrop = Callable[[Size, random.Random], Image.Image]
BACKDROPS: dict[str, Backdrop] = {
    painter.__name__: painter
    for painter in (sea, mountains, forest, autumn, city, library, snow, studio)
}
