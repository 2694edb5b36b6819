"""Queues: renditions made by workers. A job is plain JSON; each task queue has a thin module."""
