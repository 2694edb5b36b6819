"""OBUs, the pieces of an AV1 stream: how large its pictures may be, by their headers.

Formula source: the AV1 specification, 4.10.3, 4.10.5, 5.3, 5.5 and 5.9.2.
"""

from collections.abc import Iterator
from typing import NamedTuple, Self

from versatile.imaging.geometry import Size
from versatile.imaging.layout import UnknownLayout

SEQUENCE = 1
"""The kind of a sequence header."""
FRAMES = (3, 6, 7)
"""The kinds of what begins with the header of a frame."""
HEAD = 1024
"""More bytes than a header can have up to its size: 32 operating points, each of eleven."""
FRAME_HEAD = 16
"""More bytes than the header of a frame can have up to its size."""

_LONGEST_NUMBER = 8
"""The bytes of the longest number of seven bits a byte."""
_MOST_ZEROS = 32
_TIERS = 7
"""The level up to which there is but one tier."""
_KEY, _SWITCH = 0, 3
"""Kinds of frames."""
_EACH_SAYS = 2
"""What a sequence header says where each frame says it."""


def pieces(stream: bytes | memoryview) -> Iterator[tuple[int, bytes]]:
    """The kind of each OBU and how it begins. Ends where the stream does, or is cut off."""
    place = 0
    while place < len(stream):
        head = stream[place]
        place += 1 + (head >> 2 & 1)
        length = len(stream) - place
        if head >> 1 & 1:
            length, place = _number(stream, place)
        if length < 0 or place + length > len(stream):
            return
        yield head >> 3 & 15, bytes(stream[place : place + min(length, HEAD)])
        place += length


def _number(stream: bytes | memoryview, place: int) -> tuple[int, int]:
    """A number, and where it ends; -1 where it does not."""
    value = 0
    for index, byte in enumerate(stream[place : place + _LONGEST_NUMBER]):
        value |= (byte & 127) << 7 * index
        if byte < 128:
            return value, place + index + 1
    return -1, place


class Sequence(NamedTuple):
    """What a sequence header says of its frames."""

    size: Size
    """How large they are at most, if they keep to it."""
    most: Size
    """How large a frame may call itself, which decoders believe."""
    is_still: bool
    """Whether there is one frame, which says nothing."""
    time: int = 0
    """The bits of a frame's time."""
    number: int = 0
    """The bits of a frame's number."""
    screen: int = 0
    motion: int = 0
    """Whether frames are drawn on screens, and move by whole pixels: 0, 1, or each says it."""

    @classmethod
    def read(cls, header: bytes) -> Self:
        """The sequence of a header; raises ``UnknownLayout``."""
        bits = _Bits(header)
        bits.read(4)  # profile, and whether it is a still picture
        is_still = bool(bits.read(1))
        time = 0 if is_still else _skip_points(bits)
        if is_still:
            bits.read(5)
        sides = [bits.read(4) + 1 for _ in range(2)]
        size = Size(*(bits.read(side) + 1 for side in sides))
        if is_still:
            return cls(size, size, is_still)
        number = bits.read(4) + bits.read(3) + 3 if bits.read(1) else 0
        bits.read(7)
        if bits.read(1):  # the order of frames is told
            bits.read(2)
        screen = _EACH_SAYS if bits.read(1) else bits.read(1)
        motion = _EACH_SAYS if not screen or bits.read(1) else bits.read(1)
        most = Size(*(1 << side for side in sides))
        return cls(size, most, is_still, time, number, screen, motion)

    def size_with(self, frame: bytes) -> Size:
        """How large a picture may be whose frame begins so."""
        if self.is_still or not self._is_overridden(_Bits(frame[:FRAME_HEAD])):
            return self.size
        return self.most

    def _is_overridden(self, bits: "_Bits") -> bool:
        """Whether a frame says a size of its own."""
        if bits.read(1):  # it is one that was decoded before
            return False
        kind, is_shown = bits.read(2), bits.read(1)
        bits.read(self.time if is_shown else 1)
        if kind != _SWITCH and not (kind == _KEY and is_shown):
            bits.read(1)
        bits.read(1)
        screen = bits.read(1) if self.screen == _EACH_SAYS else self.screen
        bits.read(1 if screen and self.motion == _EACH_SAYS else 0)
        bits.read(self.number)
        return kind == _SWITCH or bool(bits.read(1))


def _skip_points(bits: "_Bits") -> int:
    """Skip the pace of a stream and its operating points; how many bits the time of a frame has."""
    delay = time = 0
    if bits.read(1):
        bits.read(64)
        is_even = bits.read(1)
        if is_even:
            bits.skip_exponential()
        if bits.read(1):
            delay = bits.read(5) + 1
            bits.read(37)
            length = bits.read(5) + 1
            time = 0 if is_even else length
    begins_later = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > _TIERS:
            bits.read(1)
        if delay and bits.read(1):
            bits.read(2 * delay + 1)
        if begins_later and bits.read(1):
            bits.read(4)
    return time


class _Bits:
    """Numbers of any length in bits, one after another."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def read(self, length: int) -> int:
        """The next number, of so many bits; raises ``UnknownLayout`` where there are fewer."""
        self._left -= length
        if self._left < 0:
            raise UnknownLayout
        return self._value >> self._left & (1 << length) - 1

    def skip_exponential(self) -> None:
        """Leave out a number that says by zeros how long it is."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros == _MOST_ZEROS:  # readers differ in what they take then
                raise UnknownLayout
        self.read(zeros)
