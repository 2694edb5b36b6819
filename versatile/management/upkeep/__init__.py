"""Upkeep: what ``manage.py renditions`` does, one module for each of its verbs."""
