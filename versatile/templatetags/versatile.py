"""``{% load versatile %}``: the renditions of key sets in templates."""

from collections.abc import Iterable
from typing import Any

from django import template

from versatile import rendition_keys
from versatile.files import VersatileImageFieldFile
from versatile.renditions.rendition import Rendition

register = template.Library()


@register.simple_tag
def rendition(file: VersatileImageFieldFile, key_set: str, name: str) -> Rendition | str:
    """``{% rendition person.headshot "person_headshot" "small" %}``: its URL, or ``as`` itself."""
    if not file and file.placeholder is None:
        return ""
    found: Rendition = file.renditions(key_set)[name]
    return found


@register.simple_tag
def prefetch_renditions(objects: Iterable[Any], image_attr: str, key_set: str) -> str:
    """``{% prefetch_renditions people "headshot" "person_headshot" %}``: one cache read for all."""
    rendition_keys.prefetch_renditions(objects, image_attr, key_set)
    return ""
