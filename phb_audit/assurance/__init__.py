"""Assurance: how well the night does, as estimates with intervals and never as a bare number."""
