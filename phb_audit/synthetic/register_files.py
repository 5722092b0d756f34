"""The commissioner's own registers: budgets, instalments, plans, people, events."""

from __future__ import annotations

import json

from phb_audit.synthetic import days
from phb_audit.synthetic.beside_files import age_band
from phb_audit.synthetic.holders import DISABILITY
from phb_audit.synthetic.sheets import Dialect, Records, Sheet, Shelf
from phb_audit.synthetic.story import Failing, Outcome, PlanLine, Story, Version
from phb_audit.synthetic.truth import Truth

COLUMNS = {
    "budgets": (
        "Person Ref", "Holding", "Account Kind", "Sort Code", "Account Number", "Card Token", "Managed Account Ref", "Care Group", "Area",
        "Age Band", "Annual Budget", "Start Date", "End Date", "Agreement Signed", "Last Financial Audit",
    ),
    "instalments": (
        "Payment Id", "Person Ref", "Amount", "Period From", "Period To", "Paid Date", "Type", "Batch", "CCG Share", "LA Share",
    ),
    "plans": (
        "Plan Id", "Version", "Person Ref", "Status", "Effective From", "Effective To", "Approved Date", "Approver Role",
        "Care Coordinator", "Review Due",
    ),
    "plan_outcomes": ("Plan Id", "Version", "Person Ref", "Outcome Id", "Outcome", "Goal Type"),
    "plan_lines": (
        "Plan Id", "Version", "Person Ref", "Line Id", "Outcome Id", "Category Code", "Description", "Amount", "Frequency", "Start", "End",
        "Specific Item Preapproved", "Max Single Amount", "Supplier Named", "Evidence Rule", "Risk Note", "Alternative Considered",
        "Alternative Cost",
    ),
    "people": (
        "Person Ref", "Connected Name", "Role", "Relationship", "Same Household", "Sort Code", "Account Number", "Paid Care Approved",
    ),
    "events": ("Person Ref", "Event", "From", "To", "Noted", "Detail"),
}  # fmt: skip
FILES = {
    "budgets": ("commissioner/budgets_register.csv", Dialect("%d/%m/%Y", encoding="utf-8-sig", has_commas=True)),
    "plans": ("plans/plans_register.csv", Dialect("%d/%m/%Y")),
    "plan_outcomes": ("plans/outcomes_register.csv", Dialect("%d/%m/%Y", encoding="utf-8-sig")),
    "plan_lines": ("plans/lines_register.csv", Dialect("%d/%m/%Y", has_commas=True)),
    "people": ("plans/people_register.csv", Dialect("%d %b %Y", ";")),
    "events": ("plans/holder_events.csv", Dialect("%d/%m/%Y", header="upper")),
}
INSTALMENT_DIALECTS = (Dialect("%d/%m/%Y", has_commas=True), Dialect("%d %b %Y", encoding="cp1252", line_end="\r\n", is_shuffled=True))
MOST_PLANS_AS_JSON = 2_000
PLANS_JSON = "plans/children_plans.json"
COORDINATORS = ("named", "")


class RegisterFiles:
    """Writes everything the commissioner sends about a holder."""

    def __init__(self, shelf: Shelf, truth: Truth) -> None:
        self.shelf, self.truth, self.json_plans, self.payment_number = shelf, truth, 0, 0

    def write(self, story: Story) -> None:
        """All registers' rows of one holder, with the truth about those that carry a failing."""
        budget_row = self._write_budget(story)
        plan_rows = self._write_plans(story)
        self._write_instalments(story)
        self._write_people(story)
        self._write_events(story)
        for failing in story.failings:
            where = (FILES["budgets"][0], budget_row) if failing.subject == "holder" else plan_rows.get((failing.subject, failing.version))
            if where is not None:
                self._tell(story, failing, *where)

    def _tell(self, story: Story, failing: Failing, name: str, row: int) -> None:
        subject = "plan" if failing.subject == "outcome" else failing.subject
        self.truth.other(story, subject, failing.on, failing.amount, failing.kind, failing.rules, failing.label, failing.party, name, row)

    def _sheet(self, register: str) -> Sheet:
        name, dialect = FILES[register]
        if name not in self.shelf.sheets:
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, COLUMNS[register], dialect)
        return self.shelf.sheets[name]

    def _write_budget(self, story: Story) -> int:
        sheet = self._sheet("budgets")
        say = sheet.dialect
        nhs = f"{story.nhs[:3]} {story.nhs[3:6]} {story.nhs[6:]}" if story.number % 4 == 0 else story.nhs
        return sheet.add([
            nhs, story.holding, story.account_kind, story.sort_code, story.account, story.token, story.managed, story.group, story.area,
            age_band(story), say.money(story.annual), say.day(story.started), say.day(story.died or story.ended), say.day(story.agreed),
            say.day(story.audited),
        ])  # fmt: skip

    def _write_instalments(self, story: Story) -> None:
        for item in sorted(story.instalments, key=lambda each: each.on):
            month = days.month_of(item.on)
            name = f"commissioner/instalments_{days.month_name(month)}.csv"
            if name not in self.shelf.sheets:
                self.shelf.sheets[name] = Sheet(self.shelf.folder, name, COLUMNS["instalments"], INSTALMENT_DIALECTS[month % 2])
            sheet = self.shelf.sheets[name]
            say = sheet.dialect
            self.payment_number += 1
            council = item.amount * 40 // 100 if story.group == DISABILITY else 0
            row = sheet.add([
                f"PB{self.payment_number:08d}", story.nhs, say.money(item.amount), say.day(item.first), say.day(item.last),
                say.day(item.on), item.kind,
                f"B{days.iso(item.on)[2:].replace('-', '')}", say.money(item.amount - council), say.money(council),
            ])  # fmt: skip
            if item.label:
                self.truth.other(story, "instalment", item.on, item.amount, item.what, item.rules, item.label, item.party, name, row)

    def _write_plans(self, story: Story) -> dict[tuple[str, int], tuple[str, int]]:
        """Where each version, and each outcome that carries a failing, was written."""
        where: dict[tuple[str, int], tuple[str, int]] = {}
        as_json = story.group.startswith("children") and self.json_plans < MOST_PLANS_AS_JSON
        for version in story.versions:
            if as_json:
                name, row = self._write_json(story, version)
                where[("plan", version.number)] = where[("outcome", version.number)] = (name, row)
            else:
                self._write_version(story, version, where)
        self.json_plans += as_json
        return where

    def _write_version(self, story: Story, version: Version, where: dict[tuple[str, int], tuple[str, int]]) -> None:
        plans, outcomes, lines = self._sheet("plans"), self._sheet("plan_outcomes"), self._sheet("plan_lines")
        head = [story.plan_id, str(version.number), story.nhs]
        say = plans.dialect
        row = plans.add([
            *head, version.status, say.day(version.first), say.day(version.last), say.day(version.approved), version.role,
            "named" if version.has_coordinator else "", say.day(version.review_due),
        ])  # fmt: skip
        where[("plan", version.number)] = (plans.name, row)
        for outcome in version.outcomes:
            row = outcomes.add([*head, outcome.ref, outcome.words, outcome.goal])
            if outcome.kind:
                where[("outcome", version.number)] = (outcomes.name, row)
        say = lines.dialect
        for line in version.lines:
            lines.add([*head, *_line_cells(line, version, say)])

    def _write_json(self, story: Story, version: Version) -> tuple[str, int]:
        if PLANS_JSON not in self.shelf.records:
            self.shelf.records[PLANS_JSON] = Records(self.shelf.folder, PLANS_JSON, is_list=True)
        record = {
            "plan_id": story.plan_id, "version": version.number, "person_ref": story.nhs, "status": version.status,
            "effective_from": days.iso(version.first), "effective_to": days.iso(version.last) if version.last else None,
            "approved_date": days.iso(version.approved), "approver_role": version.role,
            "care_coordinator": COORDINATORS[not version.has_coordinator],
            "review_due": days.iso(version.review_due) if version.review_due else None,
            "outcomes": [_outcome_record(outcome) for outcome in version.outcomes],
            "lines": [_line_record(line, version) for line in version.lines],
        }  # fmt: skip
        return PLANS_JSON, self.shelf.records[PLANS_JSON].add(json.dumps(record))

    def _write_people(self, story: Story) -> None:
        sheet = self._sheet("people")
        say = sheet.dialect
        for person in story.people:
            sheet.add([
                story.nhs, person.written, person.role, person.relationship, "yes" if person.is_same_household else "no", person.sort_code,
                person.account, say.day(person.care_approved),
            ])  # fmt: skip

    def _write_events(self, story: Story) -> None:
        sheet = self._sheet("events")
        say = sheet.dialect
        for event in sorted(story.events, key=lambda each: each.first):
            sheet.add([story.nhs, event.name, say.day(event.first), say.day(event.last), say.day(event.noted), event.detail])


def _line_cells(line: PlanLine, version: Version, say: Dialect) -> list[str]:
    return [
        line.ref, line.outcome, line.category, line.description, say.money(line.amount), line.frequency,
        say.day(line.starts or version.first),
        say.day(line.ends or version.last), "yes" if line.is_preapproved else "no", say.money(line.most) if line.most else "",
        line.supplier,
        line.evidence, line.risk_note, line.alternative, say.money(line.alternative_cost) if line.alternative_cost else "",
    ]  # fmt: skip


def _outcome_record(outcome: Outcome) -> dict[str, str]:
    return {"outcome_id": outcome.ref, "outcome": outcome.words, "goal_type": outcome.goal}


def _line_record(line: PlanLine, version: Version) -> dict[str, object]:
    last = line.ends or version.last
    return {
        "line_id": line.ref, "outcome_id": line.outcome, "category_code": line.category, "description": line.description,
        "amount": line.amount / 100,
        "frequency": line.frequency, "start": days.iso(line.starts or version.first), "end": days.iso(last) if last else None,
        "specific_item_preapproved": line.is_preapproved, "max_single_amount": line.most / 100 if line.most else None,
        "supplier_named": line.supplier,
        "evidence_rule": line.evidence, "risk_note": line.risk_note, "alternative_considered": line.alternative,
        "alternative_cost": line.alternative_cost / 100 if line.alternative_cost else None,
    }  # fmt: skip
