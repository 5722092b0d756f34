"""What events in a holder's care must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, NO_IDENTITY_IN_TEXT, code_known, complete, day_read, given, in_order
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.holder_events",
    (
        *EVERY_PERSONS_ROW,
        given("event_text", "an event"),
        code_known("event_code", "event_text", "The event", severity_code="quarantine"),
        given("from_on_text", "a first day", rule_id="Q-04"),
        day_read("from_on", "The first day"),
        day_read("to_on", "The last day"),
        in_order("from_on", "to_on", "The event"),
        day_read("noted_on", "The day it was recorded", severity_code="inform"),
        NO_IDENTITY_IN_TEXT,
        complete("validated.holder_events"),
    ),
)
