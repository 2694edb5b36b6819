"""The signals of the library.

``rendition_created`` when a rendition's file was made: ``rendition``, ``seconds``, ``bytes``,
``pixels`` (width times height) and ``cause``: ``"missing"``, ``"forced"`` or ``"replaced"``,
where its source was replaced while it was made. ``rendition_failed`` when it could not be made:
``rendition``, ``error`` and ``seconds``. ``rendition_deleted`` when its file was deleted:
``name``, ``storage``, the name of the ``source``, and ``cause``. The ``sender`` of the first two
is the class of the rendition, of the third that of the storage. A receiver that raises is
logged, and stops nobody.

Of specs: ``existence_required`` and ``content_required`` are sent by a cache file, with itself
as ``sender`` and ``file``; ``source_saved`` by a source group, with the ``source``.
"""

from django.dispatch import Signal

rendition_created = Signal()
rendition_failed = Signal()
rendition_deleted = Signal()
existence_required = Signal()
content_required = Signal()
source_saved = Signal()
