"""Uploads: what is done to a new original before it is stored, and how it may be called."""

import posixpath
import re
import unicodedata
from typing import Any

from django.core.files.base import ContentFile, File

from versatile.conf import Policy, conf
from versatile.imaging.formats import SNIFFED, extensions_of, sniff
from versatile.imaging.limits import Limits
from versatile.imaging.stripping import strip
from versatile.renditions import namers
from versatile.renditions.source import limits_of

LONGEST = 200
"""Bytes that are left of the last part of a name: what storages and renditions add has to fit."""

_SCRIPTS = re.compile(
    r"\.(?=(?:php\d*|phtml|phar|pht|cgi|fcgi|pl|py|rb|sh|asp|aspx|jsp|jspx|shtml?|s?html?|xhtml"
    r"|js|svgz?|exe|bat|cmd|com|htaccess)(?:\.|\Z))",
    re.IGNORECASE,
)
"""The dots before what some web servers run or send as a page, wherever it stands in a name."""


def prepared(name: str, content: "File[bytes]", policy: Policy) -> tuple[str, "File[bytes]"]:
    """The name and the content under which a new file is stored."""
    format = sniff(_head(content))
    if policy.correct_extension:
        name = corrected(name, format)
    if policy.strip_metadata and format is not None:
        content = _stripped(content, limits_of(policy))
    return name, content


def corrected(name: str, format: str | None) -> str:
    """The name with an extension that means the format, and nothing in it that could do harm.

    What is no picture keeps its extension.
    """
    folder, filename = posixpath.split(name)
    filename = "".join(char for char in filename if unicodedata.category(char) not in ("Cc", "Cf"))
    base, extension = posixpath.splitext(filename)
    if format is not None and extension.lower() not in extensions_of(format):
        extension = extensions_of(format)[0]
    room = LONGEST - len(extension.encode())
    base = base.encode(errors="ignore")[:room].decode(errors="ignore")
    return harmless(posixpath.join(folder, (base or "image") + extension))


def harmless(name: str) -> str:
    """The name without the dots inside before what web servers run.

    It is asked again when storages have taken out of the name what they do not like, such as the
    bracket of ``x.p(hp.jpg``.
    """
    folder, filename = posixpath.split(name)
    base, extension = posixpath.splitext(filename)
    return posixpath.join(folder, _SCRIPTS.sub("_", base) + extension)


def outside(name: str) -> str:
    """The name with no folder in it where renditions may lie: none is taken for one of them."""
    folder, filename = posixpath.split(name)
    if not namers.is_reserved(folder):
        return name
    reserved = {part for item in _reserved() for part in item.casefold().split("/")}
    parts = [f"{part}~" if part.casefold() in reserved else part for part in folder.split("/")]
    return posixpath.join("/".join(parts), filename)


def _reserved() -> tuple[str, ...]:
    return conf.SIZED_DIRNAME, conf.FILTERED_DIRNAME, conf.PLACEHOLDER_DIRNAME


def _head(content: Any) -> bytes:
    """How the content begins; it stays where it is."""
    if getattr(content, "closed", False):
        content.open()
    place = content.tell()
    content.seek(0)
    head = content.read(SNIFFED)
    content.seek(place)
    return head if isinstance(head, bytes) else b""


def _stripped(content: "File[bytes]", limits: Limits) -> "File[bytes]":
    content.seek(0)
    data = content.read()
    clean = strip(data, limits)
    content.seek(0)
    return content if clean is data else ContentFile(clean, name=content.name)
