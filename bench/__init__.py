"""Benchmarks: each a command with one table as its output."""
