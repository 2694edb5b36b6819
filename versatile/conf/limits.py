"""The settings of limits: how large an original and a rendition may be."""

from versatile.conf.setting import AT_LEAST_1, Setting

LIMITS = (
    Setting(
        "MAX_SOURCE_BYTES",
        64_000_000,
        None,
        "The largest file that is read as an original, in bytes; ``None`` is no limit.",
        per_field=True,
        choices=(None,),
        numbers=AT_LEAST_1,
    ),
    Setting(
        "MAX_SOURCE_PIXELS",
        50_000_000,
        None,
        "The most pixels of an original that are decoded; ``None`` is no limit. A JPEG that is "
        "shrunk while it is decoded counts by what is left.",
        per_field=True,
        choices=(None,),
        numbers=AT_LEAST_1,
    ),
    Setting(
        "MAX_SOURCE_SIDE",
        20_000,
        None,
        "The longest side of an original that is decoded, in pixels, counted in the same way.",
        per_field=True,
        choices=(None,),
        numbers=AT_LEAST_1,
    ),
    Setting(
        "MAX_FRAMES",
        100,
        None,
        "The most frames of an animation; of one with more, the first frame is shown.",
        per_field=True,
        choices=(None,),
        numbers=AT_LEAST_1,
    ),
    Setting(
        "MAX_FRAMES_AREA",
        100_000_000,
        None,
        "The most pixels of all frames of an animation together; beyond, the first frame is shown.",
        per_field=True,
        choices=(None,),
        numbers=AT_LEAST_1,
    ),
    Setting(
        "MAX_SIDE",
        8000,
        None,
        "The longest side of a rendition, in pixels.",
        per_field=True,
        numbers=AT_LEAST_1,
    ),
    Setting(
        "MAX_AREA",
        25_000_000,
        None,
        "The largest area of a rendition, in pixels, unless its original is larger.",
        per_field=True,
        numbers=AT_LEAST_1,
    ),
)
