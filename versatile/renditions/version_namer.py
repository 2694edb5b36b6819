"""What renditions are named after: the original's name, or its name and its version.

A namer is a function of a source. Sizers and filters add to the name that it gives what they do.
"""

import posixpath
from collections.abc import Callable
from functools import lru_cache

from versatile.conf import Policy
from versatile.renditions.addresses import KEPT
from versatile.renditions.imports import imported
from versatile.renditions.namers import distinct, of_source, split
from versatile.renditions.source import Source

Namer = Callable[[Source], str]


def plain(source: Source) -> str:
    """``d/x.jpg``: the name of the original, and so another original may get the same."""
    return source.name


def versioned(source: Source) -> str:
    """``d/x~0123456789abcdef.jpg``: the name and the version, which no other original has.

    An original without a version is called by its name.
    """
    return _versioned(source.name, source.version) if source.version else source.name


def base_name(source: Source) -> str:
    """What the renditions of a source are named after; raises ``ConfigurationError``."""
    namer = source.policy.namer
    return of_source(source.name if namer == PLAIN else load_namer(namer)(source))


def is_plain(policy: Policy) -> bool:
    """Whether a field has the namer ``plain``: the short way, which every URL of a page takes."""
    return bool(policy.namer == PLAIN)


PLAIN = "plain"
_SHORT_NAMES: dict[str, Namer] = {PLAIN: plain, "versioned": versioned}


def load_namer(name: str) -> Namer:
    """The namer of a short name or a dotted path; raises ``ConfigurationError``."""
    if name in _SHORT_NAMES:
        return _SHORT_NAMES[name]
    remedy = "NAMER is 'plain', 'versioned', or the dotted path of a function of a source"
    namer: Namer = imported(name, "namer", remedy)
    return namer


@lru_cache(maxsize=KEPT)
def _versioned(name: str, version: str) -> str:
    """The spaces go here already: they would make the name one that has to be told apart again."""
    parts = split(distinct(name))
    folder = posixpath.dirname(name)
    return posixpath.join(folder, f"{parts.base}~{version}.{parts.extension}").replace(" ", "")
