"""Image renditions for Django: crops, thumbnails and filters of one image field."""

__version__ = "0.1.0"
