"""The signals of the library.

Of every rendition, with the ``rendition``: ``rendition_created`` when its file was made, with
``seconds`` and ``bytes``; ``rendition_failed`` when it could not be made, with the ``error``.
Their ``sender`` is the class of the rendition. A receiver that raises is logged, and stops nobody.

Of specs: ``existence_required`` and ``content_required`` are sent by a cache file, with itself
as ``sender`` and ``file``; ``source_saved`` by a source group, with the ``source``.
"""

from django.dispatch import Signal

rendition_created = Signal()
rendition_failed = Signal()
existence_required = Signal()
content_required = Signal()
source_saved = Signal()
