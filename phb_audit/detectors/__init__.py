"""Detectors: what is learned from the spending itself; the same output as a rule, and never a question of their own."""
