"""The site that is measured: one model, written the same way for both libraries."""
