"""The settings of files: how renditions are called, remembered and made."""

from versatile.conf.setting import Setting, old_key

RENDITIONS = (
    Setting(
        "CACHE_ALIAS",
        "versatileimagefield_cache",
        old_key("cache_name"),
        "Alias in ``CACHES`` of the cache that remembers which renditions have files. "
        "Without such an alias, the default cache.",
    ),
    Setting(
        "CACHE_TIMEOUT",
        2592000,
        old_key("cache_length"),
        "Seconds for which a rendition is remembered as ready.",
    ),
    Setting(
        "SIZED_DIRNAME",
        "__sized__",
        old_key("sized_directory_name"),
        "Top-level folder of what sizers make.",
    ),
    Setting(
        "FILTERED_DIRNAME",
        "__filtered__",
        old_key("filtered_directory_name"),
        "Folder of what filters make, beside the original.",
    ),
    Setting(
        "PLACEHOLDER_DIRNAME",
        "__placeholder__",
        old_key("placeholder_directory_name"),
        "Top-level folder of the copies of placeholders.",
    ),
    Setting(
        "CREATE_ON_DEMAND",
        True,
        old_key("create_images_on_demand"),
        "Whether asking for a rendition makes it. Where False, a URL costs no storage call "
        "and no cache call.",
    ),
    Setting(
        "KEY_POST_PROCESSOR",
        None,
        old_key("image_key_post_processor"),
        "Dotted path of ``f(key) -> str``, run on the key in the name of a sized file.",
    ),
    Setting(
        "RENDITION_KEY_SETS",
        {},
        "VERSATILEIMAGEFIELD_RENDITION_KEY_SETS",
        "Name -> list of pairs (name, rendition key).",
    ),
    Setting(
        "DRAW_PLACEHOLDERS",
        False,
        "VERSATILEIMAGEFIELD_USE_PLACEHOLDIT",
        "Whether an empty field without a placeholder gives a grey picture of the size that "
        "is asked for, drawn here, as a data URI.",
    ),
)
