"""Browser fixtures for the tests of pages."""

from browser import app, chromium, visit

__all__ = ["app", "chromium", "visit"]
