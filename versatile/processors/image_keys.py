"""Post-processors for the keys in file names, where users of the old library look for them."""

from hashlib import md5 as _md5


def md5(image_key: str) -> str:
    """The MD5 of a key: 32 hex digits."""
    return _md5(image_key.encode(), usedforsecurity=False).hexdigest()


def md5_16(image_key: str) -> str:
    """The first 16 hex digits of the MD5 of a key."""
    return md5(image_key)[:16]
