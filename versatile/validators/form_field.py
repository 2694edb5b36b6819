"""The form field of an image, which asks the validator of uploads; all other fields have it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from versatile.conf import SETTINGS_ALONE, Policy
from versatile.imaging.formats import TAKEN_EXTENSIONS
from versatile.validators.refusals import INVALID_IMAGE_ERROR_MESSAGE
from versatile.validators.uploads import inspect_image


class VersatileImageFormField(forms.ImageField):
    """A form field of an image, which refuses a file that no rendition could be made of.

    Django's own would ask all parsers of Pillow, and judge by its global limit. An upload that
    somebody closed is opened again. ``policy`` is that of the model field.
    """

    default_validators: list[Any] = []
    default_error_messages = {"invalid_image": INVALID_IMAGE_ERROR_MESSAGE}

    def __init__(self, *, policy: Policy = SETTINGS_ALONE, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """The checked upload, whose ``image`` is what Pillow knows by the header, as of Django's.

        Raises ``ValidationError`` for what is no image.
        """
        if data and getattr(data, "closed", False):
            try:
                data.open()
            except (OSError, ValueError) as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        upload: Any = super(forms.ImageField, self).to_python(data)
        if upload is None:
            return None
        if not self.policy.correct_extension:
            FileExtensionValidator(TAKEN_EXTENSIONS)(upload)
        found = inspect_image(upload, self.policy, self.error_messages)
        upload.image, upload.content_type = found
        return upload
