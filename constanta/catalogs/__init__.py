"""Catalogs: extraction, merging, checks and compilation of gettext messages."""
