"""System checks of the settings: what is wrong, and how to mend it.

====================  ==========================================================
``versatile.E001``    ``ppoi_field`` names no field (on the model field)
``versatile.E002``    ``ppoi_field`` names a field that is no PPOIField
``versatile.E003``    an unknown key in ``VERSATILE``
``versatile.E004``    a rendition key set, or a key in it, that cannot be used
``versatile.E005``    a post-processor that cannot be imported, or is no function
``versatile.E006``    a setting, or an option of a field, with a value that it may not have
``versatile.E007``    a detector that cannot be imported (on the model field, too)
``versatile.E008``    ``version_field`` names no field (on the model field)
``versatile.E009``    ``version_field`` names a field that is no VersionField
``versatile.E010``    the namer ``versioned`` without a ``version_field``
``versatile.E011``    a namer that cannot be imported
``versatile.E012``    ``renditions_storage`` is no alias (on the model field)
``versatile.E013``    what makes, names or keeps the files of specs, and cannot be used
``versatile.W001``    an unknown key in an old dictionary
``versatile.W002``    a setting under its old and its new name
``versatile.W003``    originals of two storages, renditions on one (on the model field)
``versatile.W004``    ``CACHE_ALIAS`` is no alias
====================  ==========================================================
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from versatile.conf import NATIVE, OLD_SETTINGS, SETTINGS, conf
from versatile.exceptions import ConfigurationError, VersatileError
from versatile.files.checking import find_problem
from versatile.files.detection import check_detector
from versatile.rendition_keys import check_key
from versatile.renditions.keys import validate_key_set
from versatile.renditions.ledgers import SPEC_LEDGER
from versatile.renditions.namers import post_processor
from versatile.renditions.spec_namers import load_namer
from versatile.specs.choices import choose_backend, choose_storage, choose_strategy


@register(Tags.files)
def check_settings(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """All messages about the settings."""
    return [
        *_unknown_keys(),
        *_doubled_keys(),
        *_key_sets(),
        *_post_processor(),
        *_values(),
        *_specs(),
        *_cache(),
        *check_detector(conf.PPOI_DETECTOR),
    ]


def _unknown_keys() -> Iterator[CheckMessage]:
    for key in getattr(settings, NATIVE, {}):
        if key not in SETTINGS:
            known = ", ".join(SETTINGS)
            yield Error(
                f"{NATIVE} has the unknown key {key!r}.",
                hint=f"Known keys: {known}.",
                id="versatile.E003",
            )
    known_old = {setting.old_key for setting in SETTINGS.values()}
    for key in getattr(settings, OLD_SETTINGS, {}):
        if key not in known_old:
            yield Warning(
                f"{OLD_SETTINGS} has the unknown key {key!r}, which is ignored.",
                hint="Remove it, or correct its name.",
                id="versatile.W001",
            )


def _doubled_keys() -> Iterator[CheckMessage]:
    for setting in SETTINGS.values():
        old = setting.old_key in getattr(settings, OLD_SETTINGS, {}) or (
            setting.old_key is None and hasattr(settings, setting.old_name or "")
        )
        if old and setting.key in getattr(settings, NATIVE, {}):
            yield Warning(
                f"{NATIVE}[{setting.key!r}] and {setting.old_name} are both set; the first wins.",
                hint=f"Remove {setting.old_name}.",
                id="versatile.W002",
            )


def _key_sets() -> Iterator[CheckMessage]:
    sets = conf.RENDITION_KEY_SETS
    if not isinstance(sets, Mapping):
        yield Error(
            f"RENDITION_KEY_SETS is {sets!r}, which is no dictionary.",
            hint="Write {'name': [(name, key), ...]}.",
            id="versatile.E004",
        )
        return
    for name, pairs in sets.items():
        for where, reason in _problems(pairs):
            yield Error(
                f"The rendition key set {name!r} cannot be used: {where}{reason}",
                hint="Each item is a pair (name, key); keys are 'url', 'crop__400x400', "
                "'filters__invert' or 'filters__invert__crop__400x400'.",
                id="versatile.E004",
            )


def _problems(pairs: Iterable[Any]) -> Iterator[tuple[str, str]]:
    try:
        valid = validate_key_set(pairs)
    except ConfigurationError as error:
        yield "", str(error)
        return
    counts = Counter(name for name, _ in valid)
    for name in (name for name, count in counts.items() if count > 1):
        yield f"{name!r}: ", "the name has more than one key, and only the last is used"
    for _, key in valid:
        try:
            check_key(key)
        except VersatileError as error:
            yield f"{key!r}: ", str(error)


def _values() -> Iterator[CheckMessage]:
    for setting in SETTINGS.values():
        problem = find_problem(setting, getattr(conf, setting.key))
        if problem is not None:
            yield Error(f"{NATIVE}[{setting.key!r}] {problem}.", id="versatile.E006")


def _specs() -> Iterator[CheckMessage]:
    """Each is looked up as it is at its first use; a storage that has an alias is left alone."""
    storage = "SPEC_STORAGE" if conf.SPEC_STORAGE else "RENDITIONS_STORAGE"
    uses: dict[str, Callable[[], Any]] = {
        "BACKEND": lambda: choose_backend(None),
        "STRATEGY": lambda: choose_strategy(None),
        "SPEC_NAMER": lambda: load_namer(conf.SPEC_NAMER),
        "GENERATOR_NAMER": lambda: load_namer(conf.GENERATOR_NAMER),
        storage: lambda: getattr(conf, storage) in settings.STORAGES or choose_storage(),
        "SPEC_CACHE_ALIAS": lambda: SPEC_LEDGER.alias,
    }
    for key, use in uses.items():
        try:
            use()
        except ImproperlyConfigured as error:
            yield Error(f"{NATIVE}[{key!r}] cannot be used: {error}.", id="versatile.E013")


def _cache() -> Iterator[CheckMessage]:
    """The old name may have no cache of its own, as django-versatileimagefield had it."""
    alias = getattr(settings, NATIVE, {}).get("CACHE_ALIAS")
    if alias is not None and alias not in settings.CACHES:
        yield Warning(
            f"{NATIVE}['CACHE_ALIAS'] is {alias!r}, which is no alias in CACHES; the default "
            "cache is used.",
            hint=f"Known aliases: {', '.join(settings.CACHES)}.",
            id="versatile.W004",
        )


def _post_processor() -> Iterator[CheckMessage]:
    try:
        if conf.KEY_POST_PROCESSOR:
            post_processor(conf.KEY_POST_PROCESSOR)
    except ConfigurationError as error:
        yield Error(str(error), id="versatile.E005")
