"""Every error of the library, over the root and the errors of pixels from ``imaging``.

::

    VersatileError
    ├── PictureError                       a template renders nothing in its place
    │   ├── SourceError (OSError)          the original
    │   │   ├── SourceNotFound (FileNotFoundError)
    │   │   │   └── EmptyField             there is no original, nor a placeholder
    │   │   │       └── MissingSource (ValueError)   a spec without a source
    │   │   └── SourceUnreadable           empty, truncated, no picture, too large
    │   ├── RenditionError (OSError)       a processor or the encoder failed
    │   ├── StorageError (OSError)         the storage failed
    │   ├── MalformedSizedImageKey (LookupError)
    │   └── InvalidFilter (LookupError; as an attribute AttributeError too)
    ├── QueueError (ConnectionError)       a job cannot be sent
    ├── JobError (LookupError)             a job is dropped: there is nothing to be made
    ├── ConfigurationError (ImproperlyConfigured)
    │   ├── MissingGeneratorId             a file of a generator that has no id
    │   ├── UnknownRenditionKeySet
    │   ├── InvalidSizeKeySet, InvalidSizeKey
    │   ├── AlreadyRegistered, NotRegistered
    │   ├── InvalidSizedImageSubclass, InvalidFilteredImageSubclass
    │   └── UnallowedSizerName, UnallowedFilterName
    ├── ImageError (OSError)               pixels, see ``versatile.imaging.exceptions``
    │   ├── EmptyImage, UnidentifiedImage, TruncatedImage, TruncatedAnimation
    │   └── ImageTooLarge
    │       └── TooManyBytes, TooManyPixels, SideTooLong, TooManyPieces
    ├── ProcessorError (RuntimeError), EncodingError (OSError)
    ├── InvalidArgument (ValueError), InvalidArgumentType (TypeError)   of a processor
    ├── UnknownIdentity (TypeError)        a processor that cannot be written as JSON
    └── InvalidGeometry (ValueError), UnknownExtension, UnknownFormat (LookupError)
"""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from versatile.imaging.exceptions import (
    EmptyImage,
    EncodingError,
    ImageError,
    ImageTooLarge,
    InvalidArgument,
    InvalidArgumentType,
    InvalidGeometry,
    ProcessorError,
    SideTooLong,
    TooManyBytes,
    TooManyPieces,
    TooManyPixels,
    TruncatedAnimation,
    TruncatedImage,
    UnidentifiedImage,
    UnknownExtension,
    UnknownFormat,
    UnknownIdentity,
    VersatileError,
)

logger = logging.getLogger(__name__)


class PictureError(VersatileError):
    """An error for which a page shows no picture, instead of no page."""

    logged = False
    """Whether a log record tells of this error already."""

    @property
    def silent_variable_failure(self) -> bool:
        """What Django's templates ask before they render nothing for an error.

        False under ``DEBUG``. The error is logged here, because nobody else will hear of it.
        """
        if settings.DEBUG:
            return False
        if not self.logged:
            self.logged = True
            logger.error("A template renders no picture: %s", self)
        return True


class SourceError(PictureError, OSError):
    """An original cannot be used. ``source`` is its name and ``reason`` says why.

    ``size`` is its upright width and height, where its header could be read.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source!r}: {reason}")
        self.source = source
        self.reason = reason
        self.size: tuple[int, int] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """How to make it again in another process, from its facts."""
        return type(self), (self.source, self.reason), vars(self)


class SourceNotFound(SourceError, FileNotFoundError):
    """The storage has no file of the original's name."""


class EmptyField(SourceNotFound):
    """The field holds no file, and has no placeholder."""

    def __init__(self, field: str) -> None:
        reason = "the field is empty; test it with {% if %}, or give it a placeholder_image"
        super().__init__(field, reason)

    def __reduce__(self) -> tuple[Any, ...]:
        """How to make it again in another process, from its field."""
        return type(self), (self.source,), vars(self)

    @property
    def silent_variable_failure(self) -> bool:
        """True: an empty field renders as nothing, under ``DEBUG`` too."""
        return True


class MissingSource(EmptyField, ValueError):
    """A spec was asked for an image and has no source."""

    def __init__(self, spec: object) -> None:
        source = spec if isinstance(spec, str) else repr(spec)
        SourceError.__init__(self, source, "the spec has no source file associated with it")


class SourceUnreadable(SourceError):
    """The original is empty, truncated, no picture at all, or too large."""


class RenditionError(PictureError, OSError):
    """A rendition of a good original cannot be made. ``name`` is the rendition's."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name!r}: {reason}")
        self.name = name
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        """How to make it again in another process, from its facts."""
        return type(self), (self.name, self.reason), vars(self)


class StorageError(RenditionError):
    """The storage failed while a rendition was looked for, read or saved."""


class MalformedSizedImageKey(PictureError, LookupError):
    """A size key that is not ``WxH`` within the limits."""


class InvalidFilter(PictureError, LookupError):
    """No filter of that name is registered."""


class InvalidFilterAttribute(InvalidFilter, AttributeError):
    """The same, asked for as an attribute: ``hasattr`` answers False."""


class QueueError(VersatileError, ConnectionError):
    """A job cannot be sent to the queue."""


class JobError(VersatileError, LookupError):
    """A job is dropped: its row is gone, its source was replaced, its key leads nowhere."""


class ConfigurationError(VersatileError, ImproperlyConfigured):
    """Something in the settings or in a registration has to be changed."""


class UnknownRenditionKeySet(ConfigurationError):
    """No rendition key set of that name is configured."""


class InvalidSizeKeySet(ConfigurationError):
    """A rendition key set that is no list of pairs (name, key)."""


class InvalidSizeKey(ConfigurationError):
    """A rendition key that names no rendition."""


class AlreadyRegistered(ConfigurationError):
    """The name is taken."""


class MissingGeneratorId(ConfigurationError):
    """Something needs the id of a generator, and there is none."""


class NotRegistered(ConfigurationError):
    """Nothing is registered under the name."""


class InvalidSizedImageSubclass(ConfigurationError):
    """Only subclasses of ``SizedImage`` can be registered as sizers."""


class InvalidFilteredImageSubclass(ConfigurationError):
    """Only subclasses of ``FilteredImage`` can be registered as filters."""


class UnallowedSizerName(ConfigurationError):
    """The name begins with ``_`` or is an attribute of every file."""


class UnallowedFilterName(ConfigurationError):
    """The name begins with ``_``."""


UnknownExtensionError = UnknownExtension
UnknownFormatError = UnknownFormat


__all__ = [
    "AlreadyRegistered",
    "ConfigurationError",
    "EmptyField",
    "EmptyImage",
    "EncodingError",
    "ImageError",
    "ImageTooLarge",
    "InvalidArgument",
    "InvalidArgumentType",
    "InvalidFilter",
    "InvalidFilterAttribute",
    "InvalidFilteredImageSubclass",
    "InvalidGeometry",
    "InvalidSizeKey",
    "InvalidSizeKeySet",
    "InvalidSizedImageSubclass",
    "JobError",
    "MalformedSizedImageKey",
    "MissingGeneratorId",
    "MissingSource",
    "NotRegistered",
    "PictureError",
    "ProcessorError",
    "QueueError",
    "RenditionError",
    "SideTooLong",
    "SourceError",
    "SourceNotFound",
    "SourceUnreadable",
    "StorageError",
    "TooManyBytes",
    "TooManyPieces",
    "TooManyPixels",
    "TruncatedAnimation",
    "TruncatedImage",
    "UnallowedFilterName",
    "UnallowedSizerName",
    "UnidentifiedImage",
    "UnknownExtension",
    "UnknownExtensionError",
    "UnknownFormat",
    "UnknownFormatError",
    "UnknownIdentity",
    "UnknownRenditionKeySet",
    "VersatileError",
]
