"""The sizers and filters that come with the library, registered as any app registers its own.

``crop``, ``thumbnail`` and ``invert`` are fixed names. The others are defaults: an app that
registers a sizer or a filter of its own under such a name gets its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from versatile.conf import conf, inherited
from versatile.filters import FilteredImage
from versatile.imaging.recipe import Processor
from versatile.processors import (
    Blur,
    Convert,
    CropAroundPoint,
    Grayscale,
    Invert,
    ResizeToCover,
    ResizeToFit,
    Sepia,
    Sharpen,
)
from versatile.registry import versatileimagefield_registry
from versatile.renditions.options import matte_of
from versatile.sizers import SizedImage

BLUR_RADIUS = 8
"""The radius of the filter ``blur``, in pixels of the original."""


def _unsaid_upscale() -> Mapping[str, Any]:
    return {} if inherited("UPSCALE") == conf.UPSCALE else {"upscale": bool(conf.UPSCALE)}


class CroppedImage(SizedImage):
    """``crop``: exactly the size, the largest part around the PPOI, enlarged if need be."""

    filename_key = "crop"
    filename_key_regex = r"crop-c[0-9e-]+__[0-9e-]+"

    def get_filename_key(self) -> str:
        """The key with the point: ``crop-c0-5__0-5``."""
        return f"{self.filename_key}-c{self.ppoi_as_str()}"

    def get_processors(self, width: int, height: int) -> Sequence[Processor]:
        """A crop around the point."""
        return [CropAroundPoint(width, height, self.ppoi, upscale=conf.UPSCALE)]

    def unsaid(self) -> Mapping[str, Any]:
        """Whether it enlarges."""
        return _unsaid_upscale()


class ThumbnailImage(SizedImage):
    """``thumbnail``: the whole picture inside the size, never enlarged."""

    filename_key = "thumbnail"
    one_side = True

    def get_processors(self, width: int | None, height: int | None) -> Sequence[Processor]:
        """A fit."""
        return [ResizeToFit(width, height, upscale=False)]


class FittedImage(ThumbnailImage):
    """``fit``: the same under the name that other libraries give it."""

    filename_key = "fit"


class PaddedImage(SizedImage):
    """``pad``: exactly the size, the whole picture in the middle of the matte, never enlarged."""

    filename_key = "pad"

    def get_processors(self, width: int, height: int) -> Sequence[Processor]:
        """A fit on a mat, with no transparency left."""
        fit = ResizeToFit(width, height, upscale=False, mat_color=self.upstream.source.policy.matte)
        return [fit, Convert("RGB")]

    def unsaid(self) -> Mapping[str, Any]:
        """The colour of the mat."""
        return matte_of(self.upstream.source.policy)


class CoverImage(SizedImage):
    """``cover``: the whole picture at the smallest size that covers the one asked for."""

    filename_key = "cover"

    def get_processors(self, width: int, height: int) -> Sequence[Processor]:
        """A cover."""
        return [ResizeToCover(width, height, upscale=conf.UPSCALE)]

    def unsaid(self) -> Mapping[str, Any]:
        """Whether it enlarges."""
        return _unsaid_upscale()


class InvertImage(FilteredImage):
    """``invert``: the negative."""

    def get_processors(self) -> Sequence[Processor]:
        """Each channel subtracted from white."""
        return [Invert()]


class GrayscaleImage(FilteredImage):
    """``grayscale``: brightness alone."""

    def get_processors(self) -> Sequence[Processor]:
        """Grey."""
        return [Grayscale()]


class SepiaImage(FilteredImage):
    """``sepia``: the brown tones of an old photograph."""

    def get_processors(self) -> Sequence[Processor]:
        """Brown."""
        return [Sepia()]


class BlurImage(FilteredImage):
    """``blur``: a Gaussian blur of 8 pixels of the original."""

    def get_processors(self) -> Sequence[Processor]:
        """A blur."""
        return [Blur(BLUR_RADIUS)]


class SharpenImage(FilteredImage):
    """``sharpen``: an unsharp mask of 2 pixels of the original."""

    def get_processors(self) -> Sequence[Processor]:
        """A sharpening."""
        return [Sharpen()]


versatileimagefield_registry.register_sizer("crop", CroppedImage)
versatileimagefield_registry.register_sizer("thumbnail", ThumbnailImage)
versatileimagefield_registry.register_sizer("fit", FittedImage, default=True)
versatileimagefield_registry.register_sizer("pad", PaddedImage, default=True)
versatileimagefield_registry.register_sizer("cover", CoverImage, default=True)
versatileimagefield_registry.register_filter("invert", InvertImage)
versatileimagefield_registry.register_filter("grayscale", GrayscaleImage, default=True)
versatileimagefield_registry.register_filter("blur", BlurImage, default=True)
versatileimagefield_registry.register_filter("sepia", SepiaImage, default=True)
versatileimagefield_registry.register_filter("sharpen", SharpenImage, default=True)
