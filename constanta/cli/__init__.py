"""Commands of `flask`: they print and set exit codes; the work is done elsewhere."""
