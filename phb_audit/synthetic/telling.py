"""One holder's whole story: who, what plan, what was spent, what was planted, what money came."""

from __future__ import annotations

from phb_audit.synthetic.accounts import pay_instalments, settle
from phb_audit.synthetic.holders import LAST_WEEKS, ONE_OFF, WHEELCHAIR, new_holder
from phb_audit.synthetic.kinds import Kind
from phb_audit.synthetic.plans import draw_lines, make_versions, number_lines
from phb_audit.synthetic.prices import Prices
from phb_audit.synthetic.problems import plant
from phb_audit.synthetic.spending import spend
from phb_audit.synthetic.story import Event, Story
from phb_audit.synthetic.wages import RETAINER_WEEKS, employ, pay_taxes, pay_wages
from phb_audit.synthetic.words import between, one_of

ADMITTED_SHARE, DIRTY_SHARE, DIRTY_LINES = 0.1, 0.2, 0.05
BAD_CELLS = ("bad_date", "no_amount")


def tell(
    number: int,
    seed: int,
    nhs: str,
    window: tuple[int, int],
    commissioner_code: str,
    kinds: tuple[Kind, ...],
    pair: str,
    prices: Prices | None = None,
) -> Story:
    """The story of holder `number`; the same arguments give the same story."""
    wants = frozenset(want for kind in kinds for want in kind.wants)
    story = new_holder(number, seed, nhs, window, _agreeing(wants))
    story.kinds = tuple(kind.code for kind in kinds)
    if "long" in wants:
        story.started = min(story.started, window[0] - between(story.rng, 1000, 1500))
        story.agreed = story.started - between(story.rng, 7, 45)
        story.audited = story.audited or window[1] - between(story.rng, 20, 300)
    lines = draw_lines(story, wants)
    if prices is not None:
        prices.share(story, lines)
    outcomes = number_lines(story, lines)
    _admit(story, wants)
    make_versions(story, lines, outcomes)
    for line in lines:
        if line.rhythm == "wages":
            employ(story, line)
            _put_relatives_on_payroll(story)
    pay_wages(story)
    for line in lines:
        if line.rhythm == "oncost":
            pay_taxes(story, line)
    spend(story, lines)
    plant(story, kinds, pair, before_money=True)
    pay_instalments(story, commissioner_code)
    plant(story, kinds, pair, before_money=False)
    settle(story)
    _dirty(story)
    return story


def _agreeing(wants: frozenset[str]) -> frozenset[str]:
    """Wishes that can be met together: a card holder has no wages, and who dies or is paid for long has begun before."""
    if "card" in wants:
        wants = wants - {"bank", "pa"}
    if wants & {"dies", "alive", "long", "pa"}:
        wants = wants | {"old"}
    return wants - {"new"} if "old" in wants else wants


def _admit(story: Story, wants: frozenset[str]) -> None:
    """A stay in hospital, with the retainer that was agreed; short ones are common, a long one only where asked for."""
    rng = story.rng
    if "admitted" in wants:
        first = between(rng, story.first + 30, max(story.first + 31, story.last - 75))
        last = first + 56
    elif story.group in (ONE_OFF, WHEELCHAIR) or rng.random() > ADMITTED_SHARE or story.last - story.first < 60:
        return
    else:
        first = between(rng, story.first + 14, story.last - 30)
        last = first + between(rng, 4, 40 if story.group == LAST_WEEKS else 24)
    last = min(last, story.last)
    story.away.append((first, last))
    story.events.append(Event("admission", first, last, first + between(rng, 0, 6), str(RETAINER_WEEKS)))


def _put_relatives_on_payroll(story: Story) -> None:
    """Harmless: some assistants are family, living elsewhere, or in the household with written approval."""
    rng = story.rng
    for employee in story.employees:
        draw = rng.random()
        if draw < 0.06:
            employee.person.relationship = one_of(rng, ("sister", "niece", "cousin", "friend"))
        elif draw < 0.09:
            employee.person.relationship, employee.person.is_same_household = one_of(rng, ("daughter", "son", "friend")), True
            employee.person.care_approved = story.started - between(rng, 3, 60)


def _dirty(story: Story) -> None:
    """Bad cells in a few lines of a few holders of whom nothing else is to be found out."""
    rng = story.rng
    if story.kinds or rng.random() > DIRTY_SHARE:
        return
    for line in story.lines:
        if line.what == "purchase" and rng.random() < DIRTY_LINES:
            choices = (*BAD_CELLS, "bad_nhs") if story.account_kind in ("managed", "notional") else BAD_CELLS
            line.dirt = one_of(rng, choices)
            line.kind = f"dirt_{line.dirt}"
