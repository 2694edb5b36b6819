"""Layout: what all files have in common that are taken apart."""


class UnknownLayout(Exception):
    """A file is not laid out as its format says."""
