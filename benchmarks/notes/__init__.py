"""A model without images: what a library may cost those who do not use it."""
