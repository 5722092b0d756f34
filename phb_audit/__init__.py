"""phb_audit: audits how personal health budgets are spent.

Money flows one way, stages meet only in the warehouse, and every flag can be traced back to the line, the plan and the
rule that made it. The stages: landed, validated, classified, matched, flagged; then reports.
"""

import os

__version__ = "0.1.0"

# No library this product loads may call home. Set before any of them is imported; a user who sets them keeps their value.
for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "GX_ANALYTICS_ENABLED": "false",
}.items():
    os.environ.setdefault(_name, _value)
