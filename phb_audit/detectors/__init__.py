"""Detectors: what is learned from the spending itself, said as numbers and words beside the rules; never a question of their own."""
