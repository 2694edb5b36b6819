"""Rendition keys as a reader of Python would write them."""


def as_code(key: str) -> str:
    """``filters__sepia__crop__400x400`` as ``filters.sepia.crop['400x400']``."""
    *path, size = key.split("__")
    return f"{'.'.join(path)}['{size}']" if "x" in size else key.replace("__", ".")
