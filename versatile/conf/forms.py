"""The settings of forms: what editors see of an image."""

from versatile.conf.setting import Setting

FORMS = (
    Setting(
        "PPOI_PREVIEWS",
        None,
        None,
        "The key set whose crops the picker shows while the point moves: its name, or its list "
        "of pairs; an empty list for none. Without one, the crops of all key sets.",
        per_field=True,
    ),
    Setting(
        "PPOI_DETECTOR",
        None,
        None,
        "Dotted path of ``f(image) -> (x, y)``, run once for each upload for which nobody chose "
        "a point, such as ``versatile.detect.entropy``.",
        per_field=True,
    ),
)
