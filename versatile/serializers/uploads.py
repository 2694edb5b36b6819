"""Uploads as clients of an API send them: a file, a data URI, or both parts of an image."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.fields import empty
from rest_framework.utils import html

from versatile.imaging import formats
from versatile.imaging.exceptions import UnidentifiedImage

IMAGE = "image"
POINT = "ppoi"
PARTS = (IMAGE, POINT)
"""What an image is sent as where it is more than a file."""

_DATA_URI = re.compile(r"data:[\w.+/-]*(?:;[\w.+=-]*)*;base64,(.*)", re.ASCII | re.DOTALL)


class NotBase64(ValueError):
    """A text that is no base64 data URI."""


def gather(dictionary: Mapping[str, Any], name: str, sent: Any) -> Any:
    """What was sent under a name, with what stands in a form as ``name.image``, ``name.ppoi``."""
    if not html.is_html_input(dictionary):
        return sent
    parts = {part: dictionary[f"{name}.{part}"] for part in PARTS if f"{name}.{part}" in dictionary}
    if parts and sent is not empty:
        parts.setdefault(IMAGE, sent)
    return parts or sent


def read_file(sent: Any, name: str) -> Any:
    """The file in a base64 data URI, called by its field and its format; all else as it is.

    Raises ``NotBase64``, or ``ImageError`` for a file that is no picture.
    """
    if not isinstance(sent, str):
        return sent
    match = _DATA_URI.fullmatch(sent.strip())
    try:
        content = base64.b64decode(match[1], validate=True) if match else b""
    except (binascii.Error, ValueError) as error:
        raise NotBase64(str(error)) from error
    if not content:
        raise NotBase64("it has no content")
    format = formats.sniff(content[: formats.SNIFFED])
    if format is None:
        raise UnidentifiedImage("it is no picture of a known format")
    extension = formats.extensions_of(format)[0]
    return SimpleUploadedFile(f"{name}{extension}", content, formats.format_to_mimetype(format))
