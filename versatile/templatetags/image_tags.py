"""``{% generateimage %}`` and ``{% thumbnail %}``, registered by both libraries.

::

    {% generateimage "blog:cover" source=article.photo -- alt=article.title %}
    {% generateimage "blog:cover" source=article.photo as cover %}{{ cover.url }}
    {% thumbnail "100x50" article.photo anchor="tl" -- alt=article.title class="small" %}
    {% thumbnail "blog:small" "100x" article.photo as small %}
"""

from django.template import Context, Node, TemplateSyntaxError
from django.template.base import Parser, Token

from versatile.specs.cachefile import ImageCacheFile
from versatile.templatetags.grammar import Call, parse_call
from versatile.templatetags.image_html import THUMBNAIL, cache_file, image_html, thumbnail_file


class ImageNode(Node):
    """A tag that prints the ``<img>`` of a cache file, or puts the file into a variable."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def file(self, context: Context) -> ImageCacheFile:
        """The cache file; making one makes nothing."""
        raise NotImplementedError(f"{type(self).__name__} needs file()")

    def render(self, context: Context) -> str:
        """The ``<img>``, or nothing where there is a variable."""
        file = self.file(context)
        if self.call.variable is None:
            return image_html(file, self.call.html_attributes(context))
        context[self.call.variable] = file
        return ""


class GenerateImageNode(ImageNode):
    """``{% generateimage %}``: the file of a registered generator for its arguments."""

    def file(self, context: Context) -> ImageCacheFile:
        """The file; raises ``NotRegistered``."""
        (generator_id,), arguments = self.call.arguments(context)
        return cache_file(generator_id, arguments)


class ThumbnailNode(ImageNode):
    """``{% thumbnail %}``: a thumbnail by its dimensions."""

    def file(self, context: Context) -> ImageCacheFile:
        """The file; raises ``TypeError``, ``ValueError``, ``NotRegistered``."""
        (*ids, dimensions, source), options = self.call.arguments(context)
        [generator_id] = ids or [THUMBNAIL]
        return thumbnail_file(dimensions, source, generator_id, **options)


def generateimage(parser: Parser, token: Token) -> GenerateImageNode:
    """``{% generateimage ID source=… -- attr="…" %}`` or ``{% generateimage ID source=… as v %}``.

    Raises ``TemplateSyntaxError``.
    """
    call = parse_call(parser, token)
    if len(call.positional) != 1:
        raise TemplateSyntaxError(
            "generateimage takes the id of a generator and then name=value, "
            f"not {len(call.positional)} plain arguments"
        )
    return GenerateImageNode(call)


def thumbnail(parser: Parser, token: Token) -> ThumbnailNode:
    """``{% thumbnail [ID] "100x50" source anchor="tl" -- attr="…" %}``, or ``… as v``.

    Raises ``TemplateSyntaxError``.
    """
    call = parse_call(parser, token)
    if len(call.positional) not in (2, 3):
        raise TemplateSyntaxError(
            "thumbnail takes dimensions and a source, and the id of a generator before them if "
            f"it is another, not {len(call.positional)} plain arguments"
        )
    return ThumbnailNode(call)
