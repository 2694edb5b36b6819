"""The signals of the library.

``rendition_created`` when a rendition's file was made, with the ``rendition``;
``rendition_failed`` when it could not be made, with the ``rendition`` and the ``error``;
``rendition_deleted`` when its file was deleted, with its ``name``, its ``storage`` and the name
of the ``source``. All three have ``cause``, ``seconds``, ``bytes`` and ``pixels``, as their
records in the log have: :doc:`/freshness` has the table. The ``sender`` of the first two is the
class of the rendition, of the third that of the storage. A receiver that raises is logged, and
stops nobody.

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
