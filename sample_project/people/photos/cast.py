"""The cast: the people whose photos the sample project draws, each with a place and a light."""

from dataclasses import dataclass

from people.photos.face import Skin
from people.photos.hair import Hair
from people.photos.paint import Point
from people.photos.portrait import Look


@dataclass(frozen=True)
class Sitter:
    """One photo to draw: who sits where, in which light, and how the file is stored."""

    name: str
    role: str
    bio: str
    look: Look
    backdrop: str
    face: Point
    """Middle of the face, as fractions of the upright photo: the photo's PPOI."""
    size: float = 0.17
    """Half the head's height as a fraction of the photo's shorter side."""
    side: float = -1.0
    """Where the light comes from: -1 left, 1 right."""
    tilt: float = 0.0
    portrait: bool = False
    orientation: int = 1
    """EXIF orientation of the stored file; the displayed photo is upright all the same."""


CAST: tuple[Sitter, ...] = (
    Sitter(
        "Mira Solberg",
        "Head of Design",
        "Draws the first line of every project, by the sea if she can.",
        Look(
            Skin((228, 180, 150), eyes=(70, 96, 110)),
            Hair((112, 66, 38), "parted", "long"),
            (42, 72, 104),
        ),
        "sea",
        (0.24, 0.4),
        side=1,
        tilt=4,
    ),
    Sitter(
        "Adaeze Bello",
        "Lead Engineer",
        "Keeps the lights on, and knows which one is which.",
        Look(
            Skin((126, 78, 54), blush=(176, 72, 62), eyes=(48, 30, 22)),
            Hair((40, 28, 28), "tight", "afro"),
            (226, 170, 60),
            "turtleneck",
            ("earrings",),
        ),
        "city",
        (0.66, 0.36),
        side=-1,
        tilt=-4,
        portrait=True,
        orientation=6,
    ),
    Sitter(
        "Kenji Morita",
        "Photographer",
        "Has not looked at the camera from this side for years.",
        Look(
            Skin((222, 178, 140), eyes=(44, 30, 24), accent=0.2),
            Hair((34, 30, 36), "swept"),
            (44, 48, 58),
            "blazer",
            ("glasses",),
        ),
        "studio",
        (0.79, 0.42),
        side=-1,
        tilt=3,
    ),
    Sitter(
        "Leila Haddad",
        "Cartographer",
        "Walks every map before she signs it.",
        Look(
            Skin((214, 164, 128), eyes=(82, 58, 34)),
            Hair((48, 32, 28), ""),
            (202, 186, 160),
            "crew",
            ("scarf",),
        ),
        "mountains",
        (0.21, 0.44),
        side=-1,
        tilt=-3,
        orientation=3,
    ),
    Sitter(
        "Finn Gallagher",
        "Mountain Guide",
        "Out from the first snow to the last.",
        Look(
            Skin((236, 190, 164), blush=(224, 96, 84), eyes=(84, 120, 134), accent=0.2),
            Hair((150, 78, 40), "short", beard=True),
            (52, 84, 70),
            "turtleneck",
            ("beanie",),
        ),
        "snow",
        (0.3, 0.38),
        side=1,
        tilt=-3,
        portrait=True,
    ),
    Sitter(
        "Ingrid Vasquez",
        "Archivist",
        "Finds it. Whatever it is, and wherever you left it.",
        Look(
            Skin((224, 176, 148), eyes=(90, 110, 92)),
            Hair((186, 182, 180), "fringe", "bob"),
            (116, 46, 58),
            "shirt",
            ("glasses", "earrings"),
        ),
        "library",
        (0.76, 0.4),
        side=-1,
        tilt=4,
        orientation=2,
    ),
    Sitter(
        "Mateo Rivera",
        "Botanist",
        "Speaks four languages, one of them to ferns.",
        Look(
            Skin((176, 120, 84), blush=(190, 84, 64), eyes=(60, 40, 26), accent=0.2),
            Hair((44, 32, 28), "tight", beard=True),
            (240, 236, 226),
            "shirt",
        ),
        "forest",
        (0.32, 0.37),
        side=1,
        tilt=-4,
        portrait=True,
        orientation=8,
    ),
    Sitter(
        "Saskia Lindqvist",
        "Producer",
        "Brings people, places and weather together on one day.",
        Look(
            Skin((238, 194, 166), blush=(226, 104, 92), eyes=(76, 116, 124)),
            Hair((214, 166, 96), "fringe", "long"),
            (60, 88, 84),
            "crew",
        ),
        "autumn",
        (0.18, 0.43),
        side=-1,
        tilt=-5,
    ),
)
