"""The settings of pixels: what a rendition looks like."""

from versatile.conf.setting import Setting, old_key

PIXELS = (
    Setting(
        "JPEG_QUALITY",
        70,
        old_key("jpeg_resize_quality"),
        "Quality of JPEG renditions, 1 to 100; part of their names.",
        per_field=True,
        numbers=range(1, 101),
    ),
    Setting(
        "WEBP_QUALITY",
        70,
        old_key("webp_resize_quality"),
        "Quality of WebP renditions, 1 to 100; part of their names.",
        per_field=True,
        numbers=range(1, 101),
    ),
    Setting(
        "WEBP_LOSSLESS",
        False,
        old_key("lossless_webp"),
        "Whether WebP is lossless.",
        per_field=True,
    ),
    Setting(
        "JPEG_PROGRESSIVE",
        False,
        old_key("progressive_jpeg"),
        "Whether JPEG is progressive.",
        per_field=True,
    ),
    Setting(
        "SAVE_OPTIONS",
        {},
        None,
        "How formats are saved, where it differs from their defaults: format -> dictionary of "
        'Pillow\'s options, such as ``{"AVIF": {"quality": 60}}``.',
        per_field=True,
    ),
    Setting(
        "COLOR",
        "srgb",
        None,
        '``"srgb"`` turns every picture into sRGB; ``"preserve"`` keeps its colours as they are '
        "and writes its colour profile with them, where the format can hold one.",
        per_field=True,
        choices=("srgb", "preserve"),
    ),
    Setting(
        "ANIMATED",
        "keep",
        None,
        '``"keep"`` makes animations of animations, within ``MAX_FRAMES`` and '
        '``MAX_FRAMES_AREA``; ``"first"`` makes a still picture of their first frame.',
        per_field=True,
        choices=("keep", "first"),
    ),
    Setting(
        "KEEP_METADATA",
        (),
        None,
        'What is kept of an original\'s metadata, by name: some of ``"copyright"``, ``"artist"``, '
        '``"description"``, ``"software"`` and ``"datetime"``. Nothing by default.',
        per_field=True,
    ),
    Setting(
        "UPSCALE",
        True,
        None,
        "Whether ``crop`` and ``cover`` enlarge a small original. Where False the rendition is "
        "smaller and keeps its ratio.",
    ),
    Setting(
        "MATTE",
        "#ffffff",
        None,
        "Colour below transparent pixels in formats that have none, and around ``pad``.",
        per_field=True,
    ),
    Setting(
        "EXACT_RESAMPLING",
        False,
        None,
        "Whether every original is decoded in full and resampled in one step: the "
        "reference that the fast path is measured against, several times slower.",
    ),
)
