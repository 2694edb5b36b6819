"""Form widgets of an image: its file input with a preview, and the same with a picker beside it.

One set of templates serves every look: what differs between the admin, a plain page and
Bootstrap are CSS classes, see ``looks``.
"""

from versatile.widgets.images import (
    STYLES,
    TEMPLATES,
    Bootstrap3ClearableFileInputWithImagePreview,
    ClearableFileInputWithImagePreview,
    ImageInput,
)
from versatile.widgets.looks import ADMIN, BOOTSTRAP3, BOOTSTRAP5, PLAIN, Look
from versatile.widgets.pickers import (
    AdminPPOIWidget,
    Bootstrap5PPOIWidget,
    PPOISelectWidget,
    PPOIWidget,
    SizedImageCenterpointClickBootstrap3Widget,
    SizedImageCenterpointClickDjangoAdminWidget,
    SizedImageCenterpointWidgetMixIn,
    VersatileImagePPOIClickWidget,
    VersatileImagePPOISelectWidget,
)
from versatile.widgets.pictures import PREVIEW_SIZE, PREVIEW_SIZER, Preview, make_preview
from versatile.widgets.points import CENTERPOINT_CHOICES, SCRIPT, PPOIInput, PPOISelect

__all__ = [
    "ADMIN",
    "BOOTSTRAP3",
    "BOOTSTRAP5",
    "CENTERPOINT_CHOICES",
    "PLAIN",
    "PREVIEW_SIZE",
    "PREVIEW_SIZER",
    "SCRIPT",
    "STYLES",
    "TEMPLATES",
    "AdminPPOIWidget",
    "Bootstrap3ClearableFileInputWithImagePreview",
    "Bootstrap5PPOIWidget",
    "ClearableFileInputWithImagePreview",
    "ImageInput",
    "Look",
    "PPOIInput",
    "PPOISelect",
    "PPOISelectWidget",
    "PPOIWidget",
    "Preview",
    "SizedImageCenterpointClickBootstrap3Widget",
    "SizedImageCenterpointClickDjangoAdminWidget",
    "SizedImageCenterpointWidgetMixIn",
    "VersatileImagePPOIClickWidget",
    "VersatileImagePPOISelectWidget",
    "make_preview",
]
