"""Words that tell apart two rules on one category."""

# Emergency and urgent care (L-07) from planned hospital care (L-08).
URGENT = r"(?i)urgent|emergenc|\ba ?& ?e\b|ambulance|paramedic|walk.?in\b|minor injur|casualty|plaster cast|out.of.hours"
# Vaccination and screening (L-11) from prescription and other NHS charges (L-10).
PREVENTION = (
    r"(?i)vacc|vacin|\bjabs?\b|immunis|screening|screen test|health (check|mot)|travel (clinic|health)|mammogram|well (wo)?man|"
    r"\b(smear|psa|cholesterol|antibody|pcr|sti|std|blood) test"
)
