"""The root of all errors of the library, and the errors of pixels.

``VersatileError`` is the root; ``versatile.exceptions`` holds the whole tree over it.
Errors of what a file contains are ``OSError`` too, errors of a value ``ValueError``.
"""


class VersatileError(Exception):
    """The root of every error that the library raises on purpose."""


class ImageError(VersatileError, OSError):
    """The bytes of a picture cannot be turned into pixels."""


class EmptyImage(ImageError):
    """There are no bytes, or a side of the picture is zero."""


class UnidentifiedImage(ImageError):
    """The bytes are no picture of a format that may be opened."""


class TruncatedImage(ImageError):
    """The picture begins well and then ends early or breaks."""


class TruncatedAnimation(TruncatedImage):
    """An animation that begins well, and one of its later frames is broken."""


class ImageTooLarge(ImageError):
    """There is more of the picture than may be read. ``facts`` are the numbers, by name."""

    def __init__(self, message: str, **facts: int) -> None:
        super().__init__(message)
        self.facts = facts


class TooManyBytes(ImageTooLarge):
    """The file is longer than allowed: ``length`` and ``most``."""


class TooManyPixels(ImageTooLarge):
    """The picture has more pixels than may be decoded: ``width``, ``height`` and ``most``."""


class SideTooLong(ImageTooLarge):
    """A side has more pixels than allowed: ``width``, ``height`` and ``most``."""


class TooManyPieces(ImageTooLarge):
    """The file is built of more pieces than any picture needs, whatever the limits are."""


class ProcessorError(VersatileError, RuntimeError):
    """A processor failed on a picture that could be decoded."""


class EncodingError(VersatileError, OSError):
    """The pixels cannot be written in the format that the name says."""


class InvalidGeometry(VersatileError, ValueError):
    """A size, a box or a point that no picture can have."""


class InvalidArgument(VersatileError, ValueError):
    """A processor was made with an argument that it cannot use."""

    def __init__(self, name: str, value: object, rule: str) -> None:
        super().__init__(f"{name}={value!r}: it has to be {rule}")
        self.name = name
        self.value = value
        self.rule = rule

    def __reduce__(self) -> tuple[object, ...]:
        """How to make it again in another process, from its facts."""
        return type(self), (self.name, self.value, self.rule), vars(self)


class InvalidArgumentType(InvalidArgument, TypeError):
    """A processor was made with an argument of a type that it cannot use."""


class UnknownIdentity(VersatileError, TypeError):
    """A value that cannot be written as JSON, so that nobody knows whether two are equal."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"{value!r} cannot be written as JSON, which names and hashes are made of; give its "
            "class a method identity() that returns plain values"
        )

    def __reduce__(self) -> tuple[object, ...]:
        """How to make it again in another process, without the value that cannot travel."""
        return UnknownIdentity.__new__, (type(self), str(self))


class UnknownExtension(VersatileError, LookupError):
    """A file extension that stands for no image format."""


class UnknownFormat(VersatileError, LookupError):
    """A name that is no image format."""
