"""The benchmarks, and the content they run on."""
