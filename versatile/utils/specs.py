"""The old path of what generators are looked up and called with, ``imagekit.utils``."""

from versatile.registry import generator_registry
from versatile.renditions.cache import spec_cache as get_cache
from versatile.renditions.imports import imported as get_by_qname
from versatile.renditions.ledgers import clean_key as sanitize_cache_key
from versatile.specs.choices import choose_storage as get_storage
from versatile.specs.choices import made_once as get_singleton
from versatile.specs.content import generate
from versatile.specs.logs import get_logger
from versatile.specs.source import get_field_info
from versatile.specs.sourcegroups import get_nonabstract_descendants
from versatile.specs.targets import tell_strategy as call_strategy_method

autodiscover = generator_registry.discover

__all__ = [
    "autodiscover",
    "call_strategy_method",
    "generate",
    "get_by_qname",
    "get_cache",
    "get_field_info",
    "get_logger",
    "get_nonabstract_descendants",
    "get_singleton",
    "get_storage",
    "sanitize_cache_key",
]
