"""Articles: photos with spec fields, a processed upload and template tags."""
