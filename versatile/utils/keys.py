"""The old path of names and rendition keys, ``versatileimagefield.utils``."""

from versatile.exceptions import InvalidSizeKey, InvalidSizeKeySet
from versatile.imaging.decoding import format_and_mimetype as get_image_metadata_from_file
from versatile.imaging.formats import MIME_TYPE_TO_FORMAT as MIME_TYPE_TO_PIL_IDENTIFIER
from versatile.rendition_keys import get_url as get_url_from_image_key
from versatile.rendition_keys import get_urls as build_versatileimagefield_url_set
from versatile.renditions.keys import get_key_set as get_rendition_key_set
from versatile.renditions.keys import validate_key_set as validate_versatileimagefield_sizekey_list
from versatile.renditions.namers import filtered_filename as get_filtered_filename
from versatile.renditions.namers import filtered_name as get_filtered_path
from versatile.renditions.namers import post_process as post_process_image_key
from versatile.renditions.namers import sized_filename as get_resized_filename
from versatile.renditions.namers import sized_name as get_resized_path

__all__ = [
    "MIME_TYPE_TO_PIL_IDENTIFIER",
    "InvalidSizeKey",
    "InvalidSizeKeySet",
    "build_versatileimagefield_url_set",
    "get_filtered_filename",
    "get_filtered_path",
    "get_image_metadata_from_file",
    "get_rendition_key_set",
    "get_resized_filename",
    "get_resized_path",
    "get_url_from_image_key",
    "post_process_image_key",
    "validate_versatileimagefield_sizekey_list",
]
