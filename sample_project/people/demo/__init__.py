"""What the ``demo`` command does: load photos, warm them, tell what it cost, show the result."""
