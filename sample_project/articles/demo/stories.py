"""The stories: what the sample project writes, and the landscapes that it draws for them."""

import random
from dataclasses import dataclass

from PIL import Image

from people.photos.backdrops import BACKDROPS
from people.photos.camera import expose
from people.photos.cast import CAST, Sitter

ASPECT = 2 / 3
"""Height to width of a landscape, as of a full-frame camera."""


@dataclass(frozen=True)
class Story:
    """One article to write: its words, its author, and the place of its photo."""

    title: str
    lead: str
    text: str
    scene: str
    author: Sitter


STORIES: tuple[Story, ...] = (
    Story(
        "The sea at seven",
        "What the water does in the last half hour of the day.",
        "Come early, and bring something warm. The wind falls with the sun, and for a while the "
        "water is the brighter half of the view.\n\nStay until the path of light is gone. "
        "It is shorter each minute, and always points at you.\n\nThen walk home along the "
        "tide line; the sand is hard there, and keeps the last of the glow.",
        "sea",
        CAST[0],
    ),
    Story(
        "Five ridges before breakfast",
        "A map can be true and still not tell how far it is.",
        "Each ridge is paler than the one before it. Count them, double the number, and that is "
        "the hours that you need.\n\nThe haze goes at ten; be on the "
        "fourth by then, for that is where the path turns and the bread tastes best.\n\n"
        "What looks like the summit from here is not.",
        "mountains",
        CAST[3],
    ),
    Story(
        "First snow",
        "The quietest morning of the year, and how to meet it.",
        "Nobody has walked here yet. The firs hold their breath, and so should you.\n\n"
        "Go back in your own footprints: two lines are enough for one "
        "field.\n\nBy noon there will be children here, and then it is another kind of lovely.",
        "snow",
        CAST[4],
    ),
    Story(
        "The colour of October",
        "Why the best light of the forest comes through leaves that fall.",
        "Green is all that a leaf keeps to itself. When it lets go, there is gold in it.\n\n"
        "Look up; the ground can wait. The best hour is the one before dusk, when the sun "
        "comes in below the crowns.\n\nTake the lens that you never use, and leave it wide open.",
        "autumn",
        CAST[2],
    ),
)


def draw_landscape(story: Story, long_side: int) -> Image.Image:
    """The photo of a story; the same story and size give the same pixels."""
    rng = random.Random(story.title)
    size = (long_side, round(long_side * ASPECT))
    scene = BACKDROPS[story.scene]((max(size[0] // 2, 8), max(size[1] // 2, 8)), rng)
    return expose(scene.resize(size, Image.Resampling.BICUBIC), rng)
