"""A8: data quality that survives the gate and is worth a line in the report."""
