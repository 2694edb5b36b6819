"""The settings: one native dictionary ``VERSATILE``, and the old names mapped onto it.

Read at first use and dropped on ``setting_changed``, so that ``override_settings`` works.
``settings`` are Django's own.
"""

from collections.abc import Hashable
from functools import cached_property
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.core.signals import setting_changed

from versatile.conf.forms import FORMS
from versatile.conf.life import LIFE
from versatile.conf.limits import LIMITS
from versatile.conf.pixels import PIXELS
from versatile.conf.renditions import RENDITIONS
from versatile.conf.setting import OLD_SETTINGS, Setting
from versatile.conf.specs import SPECS
from versatile.conf.uploads import UPLOADS

__all__ = [
    "NATIVE",
    "OLD_SETTINGS",
    "PER_FIELD",
    "SETTINGS",
    "SETTINGS_ALONE",
    "ImageKitConf",
    "Policy",
    "Setting",
    "conf",
    "inherited",
    "translate",
]

NATIVE = "VERSATILE"

MOST_KEPT = 1024
"""How many things are kept that were made of one policy."""

OLD_PREFIXES = ("versatileimagefield.", "imagekit.", "pilkit.")
"""Dotted paths below these mean the same path below ``versatile.``."""


SETTINGS: dict[str, Setting] = {
    item.key: item for item in (*RENDITIONS, *LIFE, *UPLOADS, *PIXELS, *LIMITS, *FORMS, *SPECS)
}

PER_FIELD: dict[str, Setting] = {
    key.lower(): setting for key, setting in SETTINGS.items() if setting.per_field
}
"""Settings that a model field may decide for itself, by the names of its options."""


class Configuration:
    """The settings as attributes: ``conf.JPEG_QUALITY``; unknown names are AttributeErrors."""

    def __getattr__(self, key: str) -> Any:
        if key not in SETTINGS:
            raise AttributeError(f"{NATIVE} has no key {key!r}; known are {', '.join(SETTINGS)}")
        value = self.__dict__[key] = translate(_read(SETTINGS[key]))
        return value

    @cached_property
    def naming(self) -> tuple[Any, ...]:
        """The settings that are part of the names of sized files."""
        return self.SIZED_DIRNAME, self.JPEG_QUALITY, self.WEBP_QUALITY, self.KEY_POST_PROCESSOR

    def forget(self) -> None:
        """Read the settings anew at their next use."""
        self.__dict__.clear()
        for policy in list(_LOOKED_UP):
            policy.forget()


def _read(setting: Setting) -> Any:
    native = getattr(settings, NATIVE, {})
    return native[setting.key] if setting.key in native else inherited(setting.key)


def inherited(key: str) -> Any:
    """What a setting is where ``VERSATILE`` says nothing: by its old name, or its default."""
    setting = SETTINGS[key]
    default = setting.default() if callable(setting.default) else setting.default
    if setting.old_key is not None:
        return getattr(settings, OLD_SETTINGS, {}).get(setting.old_key, default)
    return getattr(settings, setting.old_name or "", default)


def translate(value: Any) -> Any:
    """A dotted path below an old prefix as the same path below ``versatile.``."""
    if isinstance(value, str):
        for prefix in OLD_PREFIXES:
            if value.startswith(prefix):
                return "versatile." + value.removeprefix(prefix)
    return value


conf = Configuration()


class Kept(dict[Hashable, Any]):
    """What was made of a policy; emptied where it is full, because sizes may be many."""

    def __setitem__(self, key: Hashable, value: Any) -> None:
        if len(self) >= MOST_KEPT:
            self.clear()
        super().__setitem__(key, value)


class Policy:
    """What one field says of its images where it differs from the settings: ``policy.matte``.

    What was not given is the setting's value at that moment. Raises ``TypeError`` for an
    option that is none of a field's.
    """

    def __init__(self, **given: Any) -> None:
        unknown = sorted(given.keys() - PER_FIELD)
        if unknown:
            known = ", ".join(PER_FIELD)
            raise TypeError(f"{unknown[0]!r} is no option of an image field; known are {known}")
        self.given = {name: translate(value) for name, value in given.items()}

    def __getattr__(self, name: str) -> Any:
        if name not in PER_FIELD:  # "given" too, of a copy that is not filled yet
            raise AttributeError(f"a policy has no {name!r}; known are {', '.join(PER_FIELD)}")
        value = self.given[name] if name in self.given else getattr(conf, PER_FIELD[name].key)
        self.__dict__[name] = value  # every URL of a page asks; next time it costs nothing
        _LOOKED_UP.add(self)
        return value

    @cached_property
    def kept(self) -> Kept:
        """A place for what is made of the policy; it is emptied when the settings change."""
        _LOOKED_UP.add(self)
        return Kept()

    def forget(self) -> None:
        """Look at the settings anew at the next use."""
        self.__dict__ = self.__getstate__()

    def __getstate__(self) -> dict[str, Any]:
        return {"given": self.given}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.given.items())})"


_LOOKED_UP: WeakSet[Policy] = WeakSet()
"""The policies that remember what the settings say."""

SETTINGS_ALONE = Policy()
"""The policy of what has no field of its own: the settings as they are."""


class ImageKitConf:
    """What ImageKit's own settings class did with a value, where anybody calls it."""

    def configure_default_file_storage(self, value: str | None) -> str:
        """The alias or the dotted path of a storage; ``'default'`` without one."""
        return value or "default"


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting.startswith((NATIVE, "IMAGEKIT_")) or setting == "DEBUG":
        conf.forget()


setting_changed.connect(_forget)
