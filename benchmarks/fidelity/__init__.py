"""How close our renditions come to a full decode and one-step Lanczos."""
