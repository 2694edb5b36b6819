"""Ledgers: in which cache, by which keys and for how long each face of the library remembers."""

from collections.abc import Iterable
from functools import lru_cache

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.files.storage import Storage

from versatile.conf import conf
from versatile.exceptions import ConfigurationError
from versatile.renditions.addresses import KEPT, key_of, shorten


class Key(str):
    """A key that says in which ledger it belongs; plain text belongs in the first."""

    __slots__ = ("ledger",)
    ledger: "Ledger"


class Ledger:
    """Where one family of renditions is remembered: in which cache, by which keys, how long."""

    notes_absence = False
    """Whether it is remembered that making a rendition failed. It keeps nobody from trying."""

    def key_of(self, storage: Storage, name: str) -> str:
        """The key of a rendition."""
        return key_of(storage, name)

    @property
    def alias(self) -> str:
        """The alias of the cache: the configured one if there is one, or the default cache."""
        alias: str = conf.CACHE_ALIAS
        return alias if alias in caches.settings else DEFAULT_CACHE_ALIAS

    @property
    def timeout(self) -> int | None:
        """Seconds for which a rendition is remembered; None is for ever."""
        seconds: int | None = conf.CACHE_TIMEOUT
        return seconds


class SpecLedger(Ledger):
    """Where the renditions of specs are remembered."""

    notes_absence = True  # for strategies that make a file once and then believe in it

    def key_of(self, storage: Storage, name: str) -> "Key":
        """The key of a rendition: the prefixes, the name, and ``-state``."""
        plain = f"{conf.CACHE_KEY_PREFIX}{conf.SPEC_CACHE_PREFIX}{name}-state"
        return _spec_key(plain, conf.SPEC_SAFE_CACHE_KEYS)

    @property
    def alias(self) -> str:
        """The configured alias; raises ``ConfigurationError`` where there is no such cache."""
        alias: str = conf.SPEC_CACHE_ALIAS or DEFAULT_CACHE_ALIAS
        if alias not in caches.settings:
            raise ConfigurationError(
                f"{alias!r} is no alias in CACHES; correct SPEC_CACHE_ALIAS (or "
                "IMAGEKIT_CACHE_BACKEND)"
            )
        return alias

    @property
    def timeout(self) -> int | None:
        """Seconds for which a rendition is remembered; None is for ever."""
        seconds: int | None = conf.SPEC_CACHE_TIMEOUT
        return seconds


LEDGER = Ledger()
SPEC_LEDGER = SpecLedger()


@lru_cache(maxsize=KEPT)
def _spec_key(text: str, is_safe: bool) -> Key:
    """Kept, because a page asks for the same keys again and again."""
    key = Key(shorten(text) if is_safe else text)
    key.ledger = SPEC_LEDGER
    return key


def ledger_of(key: str) -> Ledger:
    """The ledger that a key belongs to."""
    return getattr(key, "ledger", LEDGER)


def grouped(keys: Iterable[str]) -> dict[Ledger, list[str]]:
    """Keys by their ledgers."""
    groups: dict[Ledger, list[str]] = {}
    for key in keys:
        groups.setdefault(ledger_of(key), []).append(key)
    return groups


def clean_key(key: str) -> str:
    """A key of specs, shortened unless ``SPEC_SAFE_CACHE_KEYS`` is off."""
    return shorten(key) if conf.SPEC_SAFE_CACHE_KEYS else key
