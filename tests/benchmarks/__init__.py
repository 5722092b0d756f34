"""Benchmarks: they measure and print, and never fail on time."""
