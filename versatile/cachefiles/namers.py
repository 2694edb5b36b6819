"""The old path of namers, ``imagekit.cachefiles.namers``."""

from versatile.renditions.spec_namers import hash, source_name_as_path, source_name_dot_hash

__all__ = ["hash", "source_name_as_path", "source_name_dot_hash"]
