"""The multilingual site of Human Constanta."""
