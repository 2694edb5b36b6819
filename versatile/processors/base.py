"""The three kinds of processor: by how much of the picture they need."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from PIL import Image

from versatile.imaging import colour
from versatile.imaging.geometry import Size, Window, whole
from versatile.processors.arguments import check_side


class Processor(ABC):
    """Image in, new image out, of the same size. It gets the full picture.

    Subclasses are frozen dataclasses, so that equal arguments make equal processors.
    """

    pointwise = False
    """Whether each pixel of the result depends on that one pixel of the input alone."""

    @property
    def gentle(self) -> bool:
        """Whether two pictures that look the same still do after it.

        Then it may follow a resampling of a picture that was not decoded in full.
        """
        return self.pointwise

    @abstractmethod
    def process(self, image: Image.Image) -> Image.Image:
        """A new image; the input is never changed."""

    def output_size(self, size: Size) -> Size | None:
        """The size of the result for an input of this size; None where only pixels tell."""
        return size


class PointProcessor(Processor):
    """A processor of colours: what it shows is the same before and after a resampling."""

    pointwise = True

    def process(self, image: Image.Image) -> Image.Image:
        """A new image with other colours; transparency stays as it is."""
        normal = colour.to_srgb(colour.normalise(image), None)
        if normal.mode not in ("LA", "RGBA"):
            return self.recolour(normal)
        recoloured = self.recolour(normal.convert(normal.mode[:-1]))
        recoloured.putalpha(normal.getchannel("A"))
        return recoloured

    @abstractmethod
    def recolour(self, image: Image.Image) -> Image.Image:
        """A new image for one in mode L or RGB."""


class Resampler(Processor):
    """A processor that resamples one window of the picture with Lanczos."""

    @abstractmethod
    def window(self, size: Size) -> Window:
        """The window that is taken of a picture of this size."""

    def finish(self, image: Image.Image) -> Image.Image:
        """What becomes of the resampled window: by default, nothing more."""
        return image

    def output_size(self, size: Size) -> Size:
        """The size of the result for an input of this size, by arithmetic."""
        return self.window(size).size

    def process(self, image: Image.Image) -> Image.Image:
        """A new image, resampled in one step."""
        return self.finish(self.resampled(image))

    def resampled(self, image: Image.Image) -> Image.Image:
        """The window of an image, resampled in one step, in colours that can be mixed."""
        normal = colour.normalise(image)
        window = self.window(Size(*normal.size))
        if window.box == whole(Size(*normal.size)) and window.size == normal.size:
            return normal.copy()
        return normal.resize(window.size, Image.Resampling.LANCZOS, box=window.box)


@dataclass(frozen=True, slots=True)
class SizedResampler(Resampler):
    """A resampler that is told both sides of a size, in pixels; raises ``InvalidArgument``."""

    width: int
    height: int

    def __post_init__(self) -> None:
        check_side("width", self.width)
        check_side("height", self.height)

    @property
    def wanted(self) -> Size:
        """The size that was asked for."""
        return Size(self.width, self.height)
