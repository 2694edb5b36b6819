"""Recogniser: tells the renditions of one source by their names."""

import re
from collections.abc import Iterable, Mapping

from versatile.conf import conf
from versatile.renditions.keys import SEPARATOR
from versatile.renditions.namers import (
    Kind,
    distinct,
    of_source,
    post_process,
    shortened,
    shown,
    split,
)


class Recogniser:
    """Tells the renditions of one source by their names, and never a neighbour's.

    ``sizers`` has, by the names of sizers, expressions for what they write into names.
    """

    def __init__(self, name: str, sizers: Mapping[str, str], filters: Iterable[str]) -> None:
        named = of_source(name)
        bases = [
            shown(split(part.replace(" ", ""))) for part in (distinct(named), shortened(named))
        ]
        self._sizers = {item: re.compile(pattern) for item, pattern in sizers.items() if pattern}
        keys = "|".join(pattern.pattern for pattern in self._sizers.values()) or "(?!)"
        plain = f"(?P<key>{keys})-(?P<size>[0-9]*x[0-9]*)(?:-[0-9]{{1,3}})?"
        self.starts = tuple(base for base, _ in bases)
        """What all of their names begin with: folders may be large."""
        self._base = f"(?:{'|'.join(re.escape(base) for base, _ in bases)})"
        self._end = rf"(?P<digest>-[0-9a-f]{{8}})?\.{re.escape(bases[0][1])}"
        self._filtered = f"__({'|'.join(map(re.escape, filters)) or '(?!)'})__"
        self._sized = f"-(?:{plain}|{_hashed_key()})"

    @classmethod
    def of_anybody(cls, sizers: Mapping[str, str], filters: Iterable[str]) -> "Recogniser":
        """One that tells the renditions of any source from files that are none."""
        recogniser = cls("x", sizers, filters)
        recogniser.starts, recogniser._base = ("",), ".+?"
        recogniser._end = r"(?P<digest>-[0-9a-f]{8})?\.[^.]+"
        return recogniser

    def recognises(self, kind: Kind, depth: int, filename: str) -> bool:
        """Whether a file of this kind, below ``depth`` filter folders, is the source's."""
        return self.read(kind, depth, filename) is not None

    def read(self, kind: Kind, depth: int, filename: str) -> str | None:
        """The rendition key that the name of such a file tells; None where it is not the source's.

        Empty where the name holds a digest of the key.
        """
        if not filename.startswith(self.starts):
            return None
        tags = self._filtered * depth
        if kind is not Kind.FILTERED:
            tags += self._sized
        match = re.fullmatch(self._base + tags + self._end, filename)
        if match is None:
            return None
        said = match.groupdict()
        filters = [part for name in match.groups()[:depth] for part in ("filters", name)]
        if said["digest"]:  # of options, which nobody can read in it
            return ""
        if kind is Kind.FILTERED:
            return SEPARATOR.join(filters)
        if not said["key"]:
            return ""
        sizer = next(name for name, key in self._sizers.items() if key.fullmatch(said["key"]))
        return SEPARATOR.join([*filters, sizer, said["size"]])


def _hashed_key() -> str:
    """An expression for keys that went through the post-processor.

    It matches where all of them are hexadecimal digits of one length, as digests are; other
    keys cannot be told from what a neighbour may be called, so that nothing is taken for one.
    """
    if not conf.KEY_POST_PROCESSOR:
        return "(?!)"
    samples = [post_process(f"crop-c0-5__0-5-{side}x{side}-70") for side in (1, 20, 3000)]
    lengths = set(map(len, samples))
    if len(lengths) == 1 and len(set(samples)) == 3 and re.fullmatch("[0-9a-f]+", "".join(samples)):
        return f"[0-9a-f]{{{lengths.pop()}}}"
    return "(?!)"
