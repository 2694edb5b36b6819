"""The admin: columns of pictures that cost a page one cache read, and fields that are only read."""

from versatile.admin.columns import AdminThumbnail, RenditionColumn
from versatile.admin.modeladmin import RenditionAdminMixin

__all__ = ["AdminThumbnail", "RenditionAdminMixin", "RenditionColumn"]
