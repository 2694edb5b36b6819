"""The file of a ``VersatileImageField``, as a model instance gives it."""

from versatile.files.descriptor import VersatileImageFileDescriptor
from versatile.files.fieldfile import VersatileImageFieldFile
from versatile.files.options import FieldOptions
from versatile.files.prefetching import RenditionQuerySet
from versatile.files.versions import VersionField
from versatile.specs.content import BaseIKFile, IKContentFile

__all__ = [
    "BaseIKFile",
    "FieldOptions",
    "IKContentFile",
    "RenditionQuerySet",
    "VersatileImageFieldFile",
    "VersatileImageFileDescriptor",
    "VersionField",
]
