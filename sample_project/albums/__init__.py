"""Albums of pictures: rows of images in the admin, and two images with two points in one form."""
