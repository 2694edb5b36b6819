"""Signals of specs and their files.

``existence_required`` and ``content_required`` are sent by a cache file, with itself as
``sender`` and ``file``. ``source_saved`` is sent by a source group, with the ``source``.
"""

from django.dispatch import Signal

existence_required = Signal()
content_required = Signal()
source_saved = Signal()
