"""Registries: which sizers, filters, generators and source groups there are, by which names.

They store, and import none of them: the modules of sizers and of filters hand over the base
class that is accepted.
"""

from versatile.exceptions import (
    AlreadyRegistered,
    InvalidFilteredImageSubclass,
    InvalidSizedImageSubclass,
    NotRegistered,
    UnallowedFilterName,
    UnallowedSizerName,
)
from versatile.registry.generators import (
    cachefile_registry,
    generator_registry,
    register,
    source_group_registry,
    unregister,
)
from versatile.registry.images import (
    RESERVED_SIZER_NAMES,
    VersatileImageFieldRegistry,
    autodiscover,
    versatileimagefield_registry,
)

__all__ = [
    "RESERVED_SIZER_NAMES",
    "AlreadyRegistered",
    "InvalidFilteredImageSubclass",
    "InvalidSizedImageSubclass",
    "NotRegistered",
    "UnallowedFilterName",
    "UnallowedSizerName",
    "VersatileImageFieldRegistry",
    "autodiscover",
    "cachefile_registry",
    "generator_registry",
    "register",
    "source_group_registry",
    "unregister",
    "versatileimagefield_registry",
]
