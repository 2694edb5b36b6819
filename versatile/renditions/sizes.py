"""Sizes: how large pictures are that no dimension field tells, remembered beside existence."""

from collections.abc import Mapping
from typing import Any

from versatile.imaging.geometry import Size
from versatile.renditions.addresses import shorten
from versatile.renditions.cache import ask
from versatile.renditions.ledgers import LEDGER


def size_key(key: str) -> str:
    """Under which key the size of a file is remembered, by the key of its existence."""
    return shorten(f"{key}-size")


def read_size(noted: Any) -> Size | None:
    """The size that the cache gave; None for anything else that lies there."""
    match noted:
        case [int(width), int(height)] if min(width, height) > 0:
            return Size(width, height)
    return None


def remember_sizes(sizes: Mapping[str, Size]) -> None:
    """How large files are, by their keys, until they are forgotten."""
    if sizes:
        ask("set_many", {size_key(key): list(size) for key, size in sizes.items()}, LEDGER.timeout)
