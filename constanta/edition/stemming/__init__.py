"""Words as search compares them: the same for every form and spelling of a word."""
