"""The servers and processes behind ``kb up``."""
