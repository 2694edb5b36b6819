"""The speed and the quality of ``versatile``, measured beside django-versatileimagefield."""
