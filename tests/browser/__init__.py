"""The sample site in a real Chromium."""
