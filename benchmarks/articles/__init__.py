"""The site of the specs: one model, written the same way for versatile and django-imagekit."""
