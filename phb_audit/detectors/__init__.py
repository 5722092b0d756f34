"""Detectors: what is learned from the data itself, said as numbers a rule can put into words."""
