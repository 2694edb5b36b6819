import pytest

from versatile.imaging import exceptions
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

OF_FILES = [
    EmptyImage,
    EncodingError,
    ImageError,
    ImageTooLarge,
    SideTooLong,
    TooManyBytes,
    TooManyPieces,
    TooManyPixels,
    TruncatedAnimation,
    TruncatedImage,
    UnidentifiedImage,
]
OF_VALUES = [
    InvalidArgument,
    InvalidArgumentType,
    InvalidGeometry,
    ProcessorError,
    UnknownExtension,
    UnknownFormat,
    UnknownIdentity,
]


@pytest.mark.parametrize("error", [*OF_FILES, *OF_VALUES])
def test_every_error_has_the_one_root(error: type[Exception]) -> None:
    assert issubclass(error, VersatileError)


def test_no_error_is_left_out_here() -> None:
    errors = {item for item in vars(exceptions).values() if isinstance(item, type)}
    assert errors == {VersatileError, *OF_FILES, *OF_VALUES}


@pytest.mark.parametrize("error", OF_FILES)
def test_errors_of_files_are_os_errors_that_templates_do_not_swallow(
    error: type[Exception],
) -> None:
    assert issubclass(error, OSError)
    assert not issubclass(error, ValueError | LookupError | TypeError | AttributeError)


@pytest.mark.parametrize("error", [EmptyImage, ImageTooLarge, TruncatedImage, UnidentifiedImage])
def test_what_cannot_be_decoded_is_an_image_error(error: type[Exception]) -> None:
    assert issubclass(error, ImageError)
