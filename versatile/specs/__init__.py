"""Specs: recipes as classes, registered under an id and bound to a source."""

from versatile.specs.generators import BaseImageSpec, ImageSpec
from versatile.specs.host import SpecHost, create_spec_class

__all__ = ["BaseImageSpec", "ImageSpec", "SpecHost", "create_spec_class"]
