"""OBUs, the pieces of an AV1 stream: how large its pictures are, by its sequence headers.

Formula source: the AV1 specification, 4.10.3, 4.10.5, 5.3 and 5.5.
"""

from collections.abc import Iterator

from versatile.imaging.geometry import Size
from versatile.imaging.layout import UnknownLayout

_SEQUENCE_HEADER = 1
_LONGEST_NUMBER = 8
"""The bytes of the longest number of seven bits a byte."""
_LONGEST_HEADER = 1024
"""More bytes than a sequence header can have: 32 operating points, of which each has eleven."""
_MOST_ZEROS = 32
_TIERS = 7
"""The level up to which there is but one tier."""


def pieces(stream: bytes | memoryview) -> Iterator[Size | None]:
    """Of each OBU the size that it says, as a sequence header does; None of any other.

    Ends where the stream does, or is cut off. Raises ``UnknownLayout``.
    """
    place = 0
    while place < len(stream):
        head = stream[place]
        place += 1 + (head >> 2 & 1)
        length = len(stream) - place
        if head >> 1 & 1:
            length, place = _number(stream, place)
        if length < 0 or place + length > len(stream):
            return
        is_header = head >> 3 & 15 == _SEQUENCE_HEADER
        yield _said(bytes(stream[place : place + length][:_LONGEST_HEADER])) if is_header else None
        place += length


def _number(stream: bytes | memoryview, place: int) -> tuple[int, int]:
    """A number, and where it ends; -1 where it does not."""
    value = 0
    for index, byte in enumerate(stream[place : place + _LONGEST_NUMBER]):
        value |= (byte & 127) << 7 * index
        if byte < 128:
            return value, place + index + 1
    return -1, place


def _said(header: bytes) -> Size:
    bits = _Bits(header)
    bits.skip(4)  # profile, and whether it is a still picture
    if bits.read(1):  # a header without what moves
        bits.skip(5)
    else:
        _skip_points(bits)
    width, height = bits.read(4) + 1, bits.read(4) + 1
    return Size(bits.read(width) + 1, bits.read(height) + 1)


def _skip_points(bits: "_Bits") -> None:
    """Skip the pace of a stream and its operating points."""
    delay = 0
    if bits.read(1):
        bits.skip(64)
        if bits.read(1):
            bits.skip_exponential()
        if bits.read(1):
            delay = bits.read(5) + 1
            bits.skip(42)
    begins_later = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.skip(12)
        if bits.read(5) > _TIERS:
            bits.skip(1)
        if delay and bits.read(1):
            bits.skip(2 * delay + 1)
        if begins_later and bits.read(1):
            bits.skip(4)


class _Bits:
    """Numbers of any length in bits, one after another."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def read(self, length: int) -> int:
        """The next number, of so many bits."""
        self.skip(length)
        return self._value >> self._left & (1 << length) - 1

    def skip(self, length: int) -> None:
        """Leave out so many bits."""
        self._left -= length
        if self._left < 0:
            raise UnknownLayout

    def skip_exponential(self) -> None:
        """Leave out a number that says by zeros how long it is."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros == _MOST_ZEROS:  # readers differ in what they take then
                raise UnknownLayout
        self.skip(zeros)
