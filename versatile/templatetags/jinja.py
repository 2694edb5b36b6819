"""The tags as functions of Jinja2's environment.

::

    def environment(**options):
        return extend(jinja2.Environment(**options))

    {{ generateimage("blog:cover", source=article.photo, attrs={"alt": article.title}) }}
    {{ thumbnail("100x50", article.photo, anchor="tl", attrs={"alt": ""}) }}
    {{ rendition(person.headshot, "person_headshot", "small") }}
    {% set cover = cachefile("blog:cover", source=article.photo) %}{{ cover.url }}

Jinja2 itself is not imported: Django imports every module beside its tag libraries.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from django.utils.safestring import SafeString

from versatile.specs.cachefile import ImageCacheFile
from versatile.templatetags.image_html import THUMBNAIL, cache_file, image_html, thumbnail_file
from versatile.templatetags.versatile import prefetch_renditions, rendition


class Environment(Protocol):
    """What is asked of ``jinja2.Environment``."""

    globals: Any


AnyEnvironment = TypeVar("AnyEnvironment", bound=Environment)


def cachefile(generator_id: str, **arguments: Any) -> ImageCacheFile:
    """The file of a registered generator, as ``{% generateimage … as v %}`` gives it."""
    return cache_file(generator_id, arguments)


def generateimage(
    generator_id: str, *, attrs: Mapping[str, Any] | None = None, **arguments: Any
) -> SafeString:
    """The ``<img>`` of a registered generator; raises ``NotRegistered``."""
    return image_html(cache_file(generator_id, arguments), attrs or {})


def thumbnailfile(
    dimensions: str, source: Any, *, id: str = THUMBNAIL, **options: Any
) -> ImageCacheFile:
    """The file of a thumbnail, as ``{% thumbnail … as v %}`` gives it."""
    return thumbnail_file(dimensions, source, id, **options)


def thumbnail(
    dimensions: str,
    source: Any,
    *,
    id: str = THUMBNAIL,
    attrs: Mapping[str, Any] | None = None,
    **options: Any,
) -> SafeString:
    """The ``<img>`` of a thumbnail; raises ``TypeError``, ``ValueError``, ``NotRegistered``."""
    return image_html(thumbnail_file(dimensions, source, id, **options), attrs or {})


GLOBALS: dict[str, Callable[..., Any]] = {
    "cachefile": cachefile,
    "generateimage": generateimage,
    "prefetch_renditions": prefetch_renditions,
    "rendition": rendition,
    "thumbnail": thumbnail,
    "thumbnailfile": thumbnailfile,
}


def extend(environment: AnyEnvironment) -> AnyEnvironment:
    """The environment, with the functions among its globals."""
    environment.globals.update(GLOBALS)
    return environment
