"""The logger that ImageKit's users configure."""

import logging


def get_logger(logger_name: str = "imagekit", add_null_handler: bool = True) -> logging.Logger:
    """A logger by its name, silent until somebody configures it."""
    logger = logging.getLogger(logger_name)
    if add_null_handler and not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger
