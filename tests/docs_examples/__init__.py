"""What runs the code of the documentation, for `tests/test_docs.py`."""
