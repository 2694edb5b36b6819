"""The settings of uploads: what is done to a new original, and what pages show of a bad one."""

from versatile.conf.setting import Setting

UPLOADS = (
    Setting(
        "ON_ERROR",
        "raise",
        None,
        'What the URL of a rendition that cannot be made is. ``"raise"`` raises in Python and '
        'renders as nothing in templates; ``"placeholder"`` is the same rendition of the '
        'field\'s placeholder, or a grey picture of its size; ``"original"`` is the URL of the '
        'original; ``"empty"`` is no text.',
        per_field=True,
        choices=("raise", "placeholder", "original", "empty"),
    ),
    Setting(
        "VALIDATE_UPLOADS",
        True,
        None,
        "Whether models, forms and serializers refuse a new file that no rendition could be "
        "made of.",
        per_field=True,
    ),
    Setting(
        "CORRECT_EXTENSION",
        True,
        None,
        "Whether a new file whose extension is not that of its content gets the right one.",
        per_field=True,
    ),
    Setting(
        "STRIP_METADATA",
        False,
        None,
        "Whether a new original loses its metadata, the place where a photo was taken among "
        "them, before it is stored; its pixels stay as they are.",
        per_field=True,
    ),
    Setting(
        "ALLOW_SVG",
        False,
        None,
        "Whether an original may be an SVG file, which is shown as it is. Only for files of "
        "people whom you trust: an SVG file may hold scripts.",
        per_field=True,
    ),
)
