"""Floor 1: pixels. Imports Pillow, and has never heard of Django."""
