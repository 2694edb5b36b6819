"""Writing recipes: what sizers and filters share."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage
from PIL import Image

from versatile.exceptions import ProcessorError, VersatileError
from versatile.imaging import decoding, encoding, formats, modes
from versatile.imaging.recipe import Processor, Recipe
from versatile.renditions import namers, strategies
from versatile.renditions.backends import IMMEDIATE
from versatile.renditions.keys import OPTIONS, parse_options
from versatile.renditions.namers import Wording
from versatile.renditions.options import SaveOptions, save_options, treatment, wording
from versatile.renditions.rendition import Rendition
from versatile.renditions.source import Source


@dataclass(unsafe_hash=True, slots=True)  # not frozen, as the source
class Upstream:
    """What a sizer or a filter starts from: a source seen through the filters before it."""

    source: Source
    name: str
    """The file name that names are made from: the source's, or the last filter's."""
    key: str = ""
    """The beginning of rendition keys: empty, or ``filters__invert__`` and so on."""
    filters: tuple["ProcessedImage", ...] = ()

    def processors(self) -> list[Processor]:
        """The processors of all filters, in order."""
        return [step for item in self.filters for step in item.steps()]


class ProcessedImage:
    """What sizers and filters share: a source, and a recipe to be written for it.

    Subclasses say what they do in one of two ways: they return processors from
    ``get_processors``, or they write a whole file in ``process_image``, the old way.
    """

    version: int | str = 0
    """To be raised when what it makes has changed: names, and so files, are new then."""
    save_options: Mapping[str, Any] = MappingProxyType({})
    """How its renditions are saved, as Pillow takes it, where it differs from the settings."""

    def __init__(
        self,
        path_to_image: str | None,
        storage: Storage,
        create_on_demand: bool,
        placeholder_image: object = None,
    ) -> None:
        self.path_to_image = path_to_image or ""
        self.storage = storage
        self.create_on_demand = create_on_demand
        self.placeholder_image = placeholder_image
        self.attr_name = ""
        self._upstream: Upstream | None = None

    @property
    def upstream(self) -> Upstream:
        """What it starts from: the file at its path, until it is bound."""
        if self._upstream is None:
            self._upstream = Upstream(Source(self.storage, self.path_to_image), self.path_to_image)
        return self._upstream

    def bind(self, upstream: Upstream, attr_name: str) -> None:
        """Start from an upstream, under the name by which the class was found."""
        self._upstream = upstream
        self.attr_name = attr_name

    def get_processors(self, *arguments: Any) -> Sequence[Processor]:
        """What is done to the picture: the new way to write a sizer or a filter."""
        raise NotImplementedError(
            f"{type(self).__name__} needs get_processors() that returns processors, "
            "or process_image() that returns a BytesIO"
        )

    def unsaid(self) -> Mapping[str, Any]:
        """What its own settings change in the picture, where they differ from the defaults.

        Names carry a digest of it. It may not depend on the source.
        """
        return {}

    def wording(self, extension: str, options: str, *, sized: bool) -> Wording:
        """What the name of a rendition says of how it is saved."""
        policy = self.upstream.source.policy
        return wording(policy, extension, (*self.upstream.filters, self), options, sized=sized)

    def process_image(
        self, image: Image.Image, image_format: str, save_kwargs: SaveOptions, *arguments: Any
    ) -> io.BytesIO:
        """The finished file: the old way to write a sizer or a filter.

        ``image_format`` is Pillow's name of it, and ``save_kwargs`` goes to ``image.save``.
        """
        for processor in self.get_processors(*arguments):
            image = processor.process(image)
        data = io.BytesIO()
        modes.prepare(image, image_format, matte=self.upstream.source.policy.matte).save(
            data, **save_kwargs
        )
        return data

    def steps(self, *arguments: Any, options: str = "") -> Sequence[Processor]:
        """The processors, whichever way the class was written."""
        if type(self).process_image is not ProcessedImage.process_image:
            return (WholeFile(self, arguments, parse_options(options)),)
        try:
            return self.get_processors(*arguments)
        except VersatileError:
            raise
        except Exception as error:  # users' own code raises what it likes
            name = f"{type(self).__name__}.get_processors{arguments}"
            raise ProcessorError(f"{name} failed: {type(error).__name__}: {error}") from error

    def write(self, name: str, key: str, *arguments: Any, options: str = "") -> Rendition:
        """The rendition of this name; its recipe is written when it is wanted.

        ``options`` say how it is saved, as they stand in a rendition key.
        """

        def recipe() -> Recipe:
            format = formats.name_to_format(name)
            steps = (*self.upstream.processors(), *self.steps(*arguments, options=options))
            policy = self.upstream.source.policy
            return Recipe(
                steps,
                format,
                encoding.freeze(self.saved_as(format, parse_options(options))),
                **treatment(policy),
            )

        source = self.upstream.source
        return Rendition(
            source,
            f"{key}{OPTIONS}{options}" if options else key,
            name,
            recipe,
            strategies.of(self.create_on_demand),
            storage=source.renditions_storage,
            backend=IMMEDIATE,
        )

    def saved_as(
        self, format: str, options: Mapping[str, Any] = MappingProxyType({})
    ) -> SaveOptions:
        """How a format is saved: by settings, field, filters and sizer, and by its options."""
        writers = (*self.upstream.filters, self)
        own = (writer.save_options for writer in writers)
        return save_options(format, self.upstream.source.policy, *own, options)

    def preprocess(self, image: Image.Image, image_format: str) -> tuple[Image.Image, SaveOptions]:
        """The picture ready for ``process_image`` of a format, and the options to save it with.

        A method ``preprocess_<FORMAT>(image, **kwargs) -> (image, options)`` adds to both.
        """
        save_kwargs: SaveOptions = {"format": image_format, **self.saved_as(image_format)}
        hook = getattr(self, f"preprocess_{image_format}", None)
        if hook is not None:
            image, more = hook(image=image)
            save_kwargs.update(more)
        return image, save_kwargs

    def preprocess_JPEG(  # noqa: N802 - the name carries Pillow's name of the format
        self, image: Image.Image, **kwargs: Any
    ) -> tuple[Image.Image, SaveOptions]:
        """RGB or grey, transparency laid on the matte; quality and progressive."""
        return modes.prepare(image, "JPEG", matte=self.upstream.source.policy.matte), self.saved_as(
            "JPEG"
        )

    def preprocess_WEBP(  # noqa: N802
        self, image: Image.Image, **kwargs: Any
    ) -> tuple[Image.Image, SaveOptions]:
        """Quality and lossless."""
        return image, self.saved_as("WEBP")

    def preprocess_GIF(  # noqa: N802
        self, image: Image.Image, **kwargs: Any
    ) -> tuple[Image.Image, SaveOptions]:
        """The transparent colour, where the picture has one."""
        transparency = image.info.get("transparency")
        return image, {} if transparency is None else {"transparency": transparency}

    def retrieve_image(self, path_to_image: str) -> tuple[Image.Image, str, str, str]:
        """The upright picture of a file, its extension, format and MIME type."""
        data = io.BytesIO(Source(self.storage, path_to_image).read())
        extension = namers.split(path_to_image).extension
        with decoding.open_picture(data) as picture:
            picture.decode()
            format = picture.header.format
            return picture.upright(), extension, format, formats.format_to_mimetype(format)

    def save_image(
        self, imagefile: IO[bytes], save_path: str, file_ext: str, mime_type: str
    ) -> str:
        """Put a finished file on the storage, and return the name it got."""
        return self.storage.save(save_path, File(imagefile))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ProcessedImage)
            and type(self) is type(other)
            and self._address() == other._address()
        )

    def __hash__(self) -> int:
        return hash((type(self), self.upstream.name, self.attr_name))

    def _address(self) -> tuple[object, ...]:
        return self.upstream.source, self.upstream.name, self.attr_name, self.create_on_demand


class WholeFile:
    """A processor over ``process_image``, which writes a whole file.

    Last in a recipe, its file is the rendition's. Before others, its file is read again.
    """

    def __init__(
        self,
        owner: ProcessedImage,
        arguments: tuple[Any, ...],
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.owner = owner
        self.arguments = arguments
        self.options = options
        """How the rendition's key says that it is saved."""

    def process(self, image: Image.Image) -> Image.Image:
        """The picture in the file."""
        # The name of a source need not have an extension, that of what is made of it has.
        extension = namers.extension_of(self.owner.upstream.name)
        format = formats.extension_to_format(f".{extension}")
        return decoding.open_image(io.BytesIO(self.encode(image, format)))

    def encode(self, image: Image.Image, format: str) -> bytes:
        """The file, made of a copy, because old code may change what it is given."""
        prepared, save_kwargs = self.owner.preprocess(image.copy(), format)
        save_kwargs = {**save_kwargs, **self.options}
        return self.owner.process_image(prepared, format, save_kwargs, *self.arguments).getvalue()

    def __repr__(self) -> str:
        return f"{type(self.owner).__name__}.process_image{self.arguments}"
