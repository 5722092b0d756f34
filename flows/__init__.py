"""Prefect lives here and nowhere else; every file reads like a timetable."""
