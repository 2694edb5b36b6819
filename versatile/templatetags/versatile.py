"""``{% load versatile %}``: the renditions of key sets and the files of specs in templates."""

from collections.abc import Iterable
from typing import Any

from django import template

from versatile import rendition_keys
from versatile.exceptions import PictureError
from versatile.files import VersatileImageFieldFile
from versatile.templatetags.image_tags import generateimage, thumbnail

register = template.Library()
register.tag("generateimage", generateimage)
register.tag("thumbnail", thumbnail)


@register.simple_tag
def rendition(file: VersatileImageFieldFile | str | None, key_set: str, name: str) -> Any:
    """``{% rendition person.headshot "person_headshot" "small" %}``: its URL, or ``as`` itself.

    Nothing where the field is empty, or where the picture cannot be made and ``DEBUG`` is off.
    Further tags for the same file and set ask the cache no more.
    """
    if file is None or isinstance(file, str):  # what a template makes of a relation to nobody
        return ""
    try:
        file.prefetched = file.renditions(key_set)
        return file.prefetched[name]
    except PictureError as error:
        if not error.silent_variable_failure:
            raise
        return ""


@register.simple_tag
def prefetch_renditions(objects: Iterable[Any], image_attr: str, key_set: str) -> str:
    """``{% prefetch_renditions people "headshot" "person_headshot" %}``: one cache read for all."""
    rendition_keys.prefetch_renditions(objects, image_attr, key_set)
    return ""
