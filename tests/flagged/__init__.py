"""Tests of phb_audit.flagged."""
