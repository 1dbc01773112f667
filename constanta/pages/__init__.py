"""Blueprints: each view queries, then renders."""
