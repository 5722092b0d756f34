"""What the feeds of a night must be: in time, and about as large as usual."""

from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "landed.feeds",
    (
        Expectation(
            "feed_in_time",
            "one_of",
            ("lateness_code",),
            "inform",
            reason="Where a feed is late, what looks missing may only be on its way.",
            problem="The feed is late: {last_day}; {usual_days} days may pass between two days it speaks of.",
            rule_ids=("Q-08",),
            parameters={"values": ("in time",)},
        ),
        Expectation(
            "rows_as_usual",
            "between",
            ("percent_of_usual",),
            "inform",
            reason="A feed 40% smaller or larger than its usual number of rows may be cut short, or sent twice under other names.",
            problem="The feed brought {rows_tonight} rows; {usual_rows} are usual.",
            rule_ids=("Q-08",),
            parameters={"least": 60, "most": 140},
        ),
    ),
)
