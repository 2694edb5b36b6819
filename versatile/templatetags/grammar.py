"""The grammar of tags that print an image: arguments, then ``--`` and attributes, or ``as``.

::

    {% tag argument name=value -- attribute="value" %}
    {% tag argument name=value as variable %}
"""

import re
from dataclasses import dataclass
from typing import Any

from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token

ATTRIBUTES_FOLLOW = "--"

_ARGUMENT = re.compile(r"(\w+)=(.+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:.@-]+)=(.+)", re.DOTALL)

Expressions = dict[str, FilterExpression]


@dataclass(frozen=True, slots=True)
class Call:
    """What stands in a tag: expressions, which have values once there is a context."""

    positional: tuple[FilterExpression, ...]
    named: Expressions
    attributes: Expressions
    variable: str | None

    def arguments(self, context: Context) -> tuple[list[Any], dict[str, Any]]:
        """The values of the arguments."""
        values = [expression.resolve(context) for expression in self.positional]
        return values, _resolved(self.named, context)

    def html_attributes(self, context: Context) -> dict[str, Any]:
        """The values of the attributes, in their order."""
        return _resolved(self.attributes, context)


def parse_call(parser: Parser, token: Token) -> Call:
    """The call in a tag; raises ``TemplateSyntaxError``."""
    tag, *bits = token.split_contents()
    variable = None
    if len(bits) > 1 and bits[-2] == "as":
        *bits, _, variable = bits
    if bits and bits[-1] == "as":
        raise TemplateSyntaxError(f"{tag}: the name of a variable has to follow 'as'")
    if ATTRIBUTES_FOLLOW not in bits:
        return Call(*_parse(tag, parser, bits, _ARGUMENT), {}, variable)
    if variable is not None:
        raise TemplateSyntaxError(
            f"{tag}: attributes after '--' belong to the image that is printed; 'as' prints none"
        )
    place = bits.index(ATTRIBUTES_FOLLOW)
    positional, named = _parse(tag, parser, bits[:place], _ARGUMENT)
    return Call(positional, named, _attributes(tag, parser, bits[place + 1 :]), None)


def _attributes(tag: str, parser: Parser, bits: list[str]) -> Expressions:
    positional, attributes = _parse(tag, parser, bits, _ATTRIBUTE)
    if positional:
        raise TemplateSyntaxError(
            f"{tag}: after '--' stand attributes alone, name=\"value\", not {positional[0].token!r}"
        )
    if not attributes:
        raise TemplateSyntaxError(f"{tag}: no attributes follow '--'; leave it out")
    return attributes


def _parse(
    tag: str, parser: Parser, bits: list[str], form: re.Pattern[str]
) -> tuple[tuple[FilterExpression, ...], Expressions]:
    positional: list[FilterExpression] = []
    named: Expressions = {}
    for bit in bits:
        match = form.fullmatch(bit)
        if match is None:
            positional.append(parser.compile_filter(bit))
            continue
        name, value = match.groups()
        if name in named:
            raise TemplateSyntaxError(f"{tag}: {name!r} is given twice")
        named[name] = parser.compile_filter(value)
    return tuple(positional), named


def _resolved(expressions: Expressions, context: Context) -> dict[str, Any]:
    return {name: expression.resolve(context) for name, expression in expressions.items()}
