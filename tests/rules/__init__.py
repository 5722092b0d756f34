"""Tests of phb_audit.rules."""
