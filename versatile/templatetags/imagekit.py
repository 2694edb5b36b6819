"""``{% load imagekit %}``: the old name of the tags that print images."""

from django import template

from versatile.templatetags.image_tags import generateimage, thumbnail

register = template.Library()
register.tag("generateimage", generateimage)
register.tag("thumbnail", thumbnail)
