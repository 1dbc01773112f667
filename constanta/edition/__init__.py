"""Editions: the content database and the compiled catalogs that the site serves, and every read of them."""
