"""Floor 2: files. What is made of a source, whether it is there, when and by whom it is made."""
