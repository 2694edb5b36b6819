"""The old door to the build, for tools that still knock here; everything is in pyproject.toml."""

from setuptools import setup

setup()
