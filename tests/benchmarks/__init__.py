"""What the counter costs, measured on the real server: `python -m tests.benchmarks` (`make bench`). See README.md."""
