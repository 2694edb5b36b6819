"""The articles' part of the ``demo`` command: drawn, made, told and shown."""
