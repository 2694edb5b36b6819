"""A small site with a real broker: its settings, its slow generators and its Celery app."""
