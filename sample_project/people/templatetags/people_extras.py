"""Template filters of the sample project."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def item(mapping: Mapping[str, str], key: str) -> str:
    """The value of a key that is a variable."""
    return mapping[key]
