"""Search: which words stand in which document, found in every form, and shown where they stand."""
