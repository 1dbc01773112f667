"""Other programs of the same purpose, which the benchmarks install and measure beside Constanta."""
