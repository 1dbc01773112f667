"""The publications."""
