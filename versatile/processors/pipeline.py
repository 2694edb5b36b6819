"""Several processors as one."""

from typing import Any

from PIL import Image

from versatile.imaging.identity import canonical


class ProcessorPipeline(list[Any]):
    """A list of processors that run in order; a processor itself."""

    def process(self, image: Image.Image) -> Image.Image:
        """A new image, made by all of them."""
        for processor in self:
            image = processor.process(image)
        return image

    def expand(self) -> list[Any]:
        """The processors that do the work."""
        return list(self)

    def identity(self) -> list[Any]:
        """What each of them is."""
        return [canonical(processor) for processor in self]
