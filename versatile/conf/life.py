"""The settings of the life of a file: how it is named, kept whole, remembered and removed."""

from versatile.conf.setting import AT_LEAST_1, Setting

LIFE = (
    Setting(
        "NAMER",
        "plain",
        None,
        "What renditions of sizers and filters are named after: ``'plain'``, the original's name; "
        "``'versioned'``, its name and the digest of its bytes; or the dotted path of "
        "``f(source) -> str``.",
        per_field=True,
    ),
    Setting(
        "CLEANUP",
        "renditions",
        None,
        "What goes when an original is deleted or replaced: ``'renditions'``, ``'all'`` for the "
        "original too, or None for nothing.",
        per_field=True,
        choices=("renditions", "all", None),
    ),
    Setting(
        "RENDITIONS_STORAGE",
        None,
        None,
        "Alias in ``STORAGES`` of the storage of what is made. Without one, sizers and filters "
        "write beside the original; specs have ``SPEC_STORAGE`` first.",
        per_field=True,
    ),
    Setting(
        "CACHE_CONTROL",
        None,
        None,
        "The Cache-Control header that an object store sends with what is made, such as "
        "``'public, max-age=31536000, immutable'``. Without one, what the storage says.",
        per_field=True,
    ),
    Setting(
        "CACHE_KEY_PREFIX",
        "",
        None,
        "What all keys in the cache begin with. Two sites with one cache and different files "
        "need two.",
    ),
    Setting(
        "FSYNC",
        False,
        None,
        "Whether a rendition is on the disk, and not only on its way there, before it gets its "
        "name. Slower, and safe against a loss of power.",
    ),
    Setting(
        "MAX_DECODING_MEMORY",
        512 * 1024 * 1024,
        None,
        "Bytes that the pictures which one process decodes at a time may need together; others "
        "wait. A larger one is decoded alone. None for no limit.",
        choices=(None,),
        numbers=AT_LEAST_1,
    ),
)
