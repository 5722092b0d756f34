"""Which kinds of purchase each care group's plans hold, and in what rhythm they are bought."""

from __future__ import annotations

from phb_audit.synthetic.holders import ADULT, CHILD, DISABILITY, LAST_WEEKS, MIND, ONE_OFF, WHEELCHAIR

# Rhythm of a category: weekly, fortnightly, 4-weekly, monthly, term (weekly in term time), irregular (so many a month), few (so many
# a year), annual and once. The number is times a month for irregular and times a year for few.
RHYTHMS: dict[str, tuple[str, float]] = {
    "C03": ("annual", 1), "C04": ("monthly", 1), "C05": ("few", 2), "C06": ("irregular", 1.6), "C08": ("weekly", 1), "C09": ("weekly", 1),
    "C10": ("few", 3), "C11": ("weekly", 1), "T01": ("fortnightly", 1), "T02": ("weekly", 1), "T03": ("weekly", 1), "T04": ("4-weekly", 1),
    "T05": ("fortnightly", 1), "T06": ("term", 1), "T07": ("term", 1), "E01": ("few", 2), "E02": ("few", 1.5), "E03": ("irregular", 1.3),
    "E04": ("few", 1.5), "E05": ("once", 1), "E06": ("monthly", 1), "E07": ("once", 1), "E08": ("few", 2), "E09": ("once", 1),
    "E12": ("few", 3), "E13": ("few", 3), "E14": ("weekly", 1), "E15": ("few", 2), "A01": ("monthly", 1), "A02": ("once", 1),
    "A04": ("term", 1), "A05": ("irregular", 1.2), "A06": ("irregular", 2), "A08": ("annual", 1), "A09": ("irregular", 1.5),
    "A10": ("term", 1), "A11": ("few", 5), "A12": ("monthly", 1), "A13": ("irregular", 0.8), "A14": ("4-weekly", 1),
    "R03": ("irregular", 3), "H01": ("irregular", 1.2), "H02": ("irregular", 2.2), "H03": ("monthly", 1), "H04": ("fortnightly", 1),
    "M01": ("few", 1), "M02": ("irregular", 0.3),
}  # fmt: skip

# What may stand in a plan beside the paid care, by care group: category and likelihood.
BESIDE_CARE: dict[str, tuple[tuple[str, float], ...]] = {
    ADULT: (("T01", 0.3), ("E03", 0.5), ("R03", 0.4), ("H02", 0.3), ("C06", 0.25), ("E06", 0.25), ("T02", 0.15), ("E15", 0.2), ("C05", 0.2),
            ("H04", 0.2), ("H01", 0.15), ("E01", 0.15), ("E02", 0.12), ("A09", 0.15), ("E14", 0.12), ("T04", 0.1), ("H03", 0.12),
            ("C10", 0.15), ("M02", 0.15), ("E13", 0.08), ("A06", 0.12), ("E04", 0.08)),
    CHILD: (("A09", 0.4), ("T06", 0.2), ("T07", 0.3), ("A04", 0.2), ("E08", 0.35), ("C10", 0.3), ("R03", 0.3), ("E03", 0.25), ("A10", 0.25),
            ("T01", 0.3), ("C06", 0.2), ("C05", 0.25), ("T02", 0.2), ("E05", 0.12), ("A08", 0.2), ("H02", 0.15), ("M02", 0.1)),
    MIND: (("A01", 0.3), ("A04", 0.25), ("A05", 0.35), ("A06", 0.3), ("A10", 0.3), ("T03", 0.3), ("T04", 0.25), ("T05", 0.2), ("R03", 0.35),
           ("A11", 0.25), ("A14", 0.2), ("E06", 0.25), ("A13", 0.15), ("H02", 0.2), ("C11", 0.3), ("A12", 0.15), ("E12", 0.12)),
    DISABILITY: (("A09", 0.4), ("A10", 0.4), ("T07", 0.25), ("A04", 0.25), ("R03", 0.45), ("H02", 0.35), ("A06", 0.35), ("A01", 0.3),
                 ("C06", 0.25), ("E06", 0.2), ("C11", 0.3), ("E08", 0.2), ("T01", 0.15), ("A05", 0.3), ("A08", 0.2), ("H04", 0.1)),
    LAST_WEEKS: (("E03", 0.5), ("E02", 0.25), ("T04", 0.25), ("H01", 0.3), ("R03", 0.25), ("E14", 0.2), ("T05", 0.2)),
    WHEELCHAIR: (("E01", 1.0), ("E15", 0.5)),
    ONE_OFF: (("A01", 0.3), ("A05", 0.3), ("A10", 0.25), ("T03", 0.25), ("A04", 0.2), ("A11", 0.3), ("E06", 0.3), ("T04", 0.2),
              ("R03", 0.2)),
}  # fmt: skip

CARE_BY_INVOICE = {ADULT: "C08", CHILD: "C09", MIND: "C11", DISABILITY: "C11", LAST_WEEKS: "C08"}
# Supply that the NHS buys by invoice for a notional budget.
ON_INVOICE = frozenset(
    {"C08", "C09", "C10", "C11", "T01", "T02", "T03", "T06", "E01", "E02", "E03", "E04", "E08", "E15", "H01", "E05", "A10", "T07"}
)

# Unusual things that were agreed somewhere (unusual-purchases.md): category, pounds, frequency, and words where they matter.
UNUSUAL: tuple[tuple[str, tuple[float, ...], str, str], ...] = (
    ("E10", (4753.80, 3150, 2480), "one-off", ""),
    ("E11", (5000, 899, 1295), "one-off", ""),
    ("R01", (640, 1185, 2300), "one-off", ""),
    ("R02", (780, 1240), "one-off", ""),
    ("A03", (579.98, 300, 449), "one-off", ""),
    ("A07", (420, 565, 640), "one-off", ""),
    ("A08", (189, 264), "one-off", ""),
    ("A02", (1450, 640, 289), "one-off", ""),
    ("E07", (329.99, 249, 399), "one-off", "Robot vacuum so that the home stays safe and orderly"),
    ("E05", (877, 619), "one-off", "Tablet holding videos of health needs for new staff"),
    ("E04", (499, 465), "one-off", "Heavy-duty weighing scales, safe for measured weight loss"),
    ("T05", (2080,), "annual", "Aromatherapy, forty sessions a year, towards agreed health outcomes"),
    ("A13", (250, 180), "annual", "Wild bird food, as the person is largely housebound"),
    ("A12", (79, 95), "one-off", "Amazon Prime for a year, for company and distraction from pain"),
    ("A05", (930, 400), "one-off", "Pottery and craft classes for a year, for achievement and company"),
    ("A14", (160, 210), "one-off", "Hair extensions after hair loss from treatment"),
    ("E12", (1150, 640), "one-off", "Garden furniture so that time can be spent outside"),
    ("A09", (7.34, 14.68), "one-off", "Boat hire on the lake with the support worker"),
    ("E09", (3478.45, 1820), "weekly", "Temporary home for two weeks during the adaptation works"),
    ("T07", (248, 310), "one-off", "Course of horse riding for balance and confidence"),
    ("E06", (139, 172), "one-off", "Sat nav, so that the person can drive to groups without panic"),
)
# The same things bought without being agreed are for a clinician (P-03).
OPEN_TO_VIEW = ("E10", "E11", "R01", "R02", "A03", "A07", "A08", "A02", "E07", "A14", "E12", "A12")
GENERAL_GOALS = ("wellbeing", "social")
