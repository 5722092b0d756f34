"""Prefect lives here and nowhere else; every file reads like a timetable."""

import os

# Before Prefect is imported: quiet, patient with its own small server, and no word to anyone outside. A user's own values stand.
for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
}.items():
    os.environ.setdefault(_name, _value)
