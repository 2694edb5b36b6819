"""The OpenAPI schema of the serializer field, for drf-spectacular.

Imported where ``drf_spectacular`` is an installed app, and nowhere else.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import Direction

from versatile.conf import conf
from versatile.renditions.keys import ORIGINAL, parse_key
from versatile.serializers.fields import VersatileImageFieldSerializer
from versatile.serializers.uploads import IMAGE, POINT

_FRACTION = r"(0(\.\d+)?|1(\.0+)?)"

_UPLOAD = {"type": "string", "format": "binary"}
_DATA_URI = {"type": "string", "pattern": "^data:[^,]*;base64,", "description": "A data URI."}
_POINT = {
    "type": "string",
    "pattern": f"^{_FRACTION}x{_FRACTION}$",
    "example": "0.2x0.7",
    "description": "The point of interest: fractions from the left and from the top.",
}


class VersatileImageFieldExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """What the field reads and writes: URLs by the names of its set; a file and its point.

    A schema that has one component for both directions has both in it, each marked by the
    direction that it is for; a bare file, which is no object, is only told of where they are two.
    """

    target_class = VersatileImageFieldSerializer
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        """The schema of one direction, or of both."""
        field = self.target
        is_split = spectacular_settings.COMPONENT_SPLIT_REQUEST
        if field.write_only or (is_split and direction == "request"):
            return _written(field)
        schema = _read(field)
        if not (is_split or field.read_only):
            parts = {name: part | {"writeOnly": True} for name, part in _parts(field).items()}
            schema["properties"] = parts | schema["properties"]
        return schema


def _read(field: VersatileImageFieldSerializer) -> dict[str, Any]:
    """An object of all names of the set, which is empty where there is no picture."""
    model_field = field.model_field
    stands_in = bool(conf.DRAW_PLACEHOLDERS or (model_field and model_field.placeholder_image))
    has_file = model_field is not None and not (model_field.blank or model_field.null)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _url(key, stands_in=stands_in) for name, key in field.sizes},
        "additionalProperties": False,
    }
    if stands_in or has_file:
        schema["required"] = [name for name, _ in field.sizes]
    return schema


def _url(key: str, *, stands_in: bool) -> dict[str, Any]:
    """A URL, or null: a rendition may fail, and what stands in for a file may have no original."""
    schema = {"type": "string", "format": "uri", "readOnly": True}
    if parse_key(key) != ORIGINAL or stands_in:
        schema["nullable"] = True
    return schema


def _written(field: VersatileImageFieldSerializer) -> dict[str, Any]:
    """A file, or an object of a file and a point, either of which may be left out."""
    parts = {
        "type": "object",
        "properties": _parts(field),
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [*_files(field), parts]}


def _parts(field: VersatileImageFieldSerializer) -> dict[str, Any]:
    """The parts that an image is sent in; the point only where there is a place for it."""
    parts: dict[str, Any] = {IMAGE: {"anyOf": _files(field)}}
    if field.model_field is None or field.model_field.ppoi_field:
        parts[POINT] = _POINT
    return parts


def _files(field: VersatileImageFieldSerializer) -> list[dict[str, Any]]:
    """The forms of a file, of which a data URI fits both; null is said where there is a type."""
    return [_UPLOAD | ({"nullable": True} if field.allow_null else {}), _DATA_URI]
