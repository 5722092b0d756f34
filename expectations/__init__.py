"""What every table must be: one module per table, one SUITE each."""
