"""The outcome each payment serves: that of its plan line, or else the one of the plan its goals speak for most strongly."""

from __future__ import annotations

import numpy as np
import polars as pl

from phb_audit.matched.because import quoted
from phb_audit.matched.goal_states import STATES, Hearing, because, near_of, states_of, strength_of
from phb_audit.matched.goals import read_goals, read_purchases, serve
from phb_audit.matched.holders import Holders
from phb_audit.matched.outcome_keys import with_tags
from phb_audit.matched.reference import category_words
from phb_audit.periods import plain_day_expr
from phb_audit.sentences import filled_in

SERVES_SHARE = 0.50  # from here an outcome is linked as the one a purchase could serve; below it, it is only the nearest
RUNNER_UP_SHARE = 0.20  # a weaker second outcome is not worth naming
BUYING = ("payee_text", "description", "category_code", "probability_share", "second_code", "second_share")
NO_OUTCOMES = "The plan in force states no outcome."


def with_outcomes(payments: pl.DataFrame, holders: Holders, hearing: Hearing | None = None) -> pl.DataFrame:
    """The payments with the outcome of their line in words, or else the one they serve best, with state, strength and why.

    Adds `outcome_words`, `served_words` and, where no line of the plan in force names the purchase, `goal_state_code`, `goal_share`,
    `goal_runner_up_id` and `goal_because`. `hearing` judges words no table lists; without it they tell nothing.
    """
    own = holders.outcomes.select("outcome_id", own_words="outcome_text")
    asks = pl.col("is_spend") & pl.col("outcome_id").is_null() & pl.col("plan_version_id").is_not_null()
    found = served(payments.filter(asks & pl.col("plan_line_id").is_null()), holders, hearing)
    wanted = payments.join(own, on="outcome_id", how="left", maintain_order="left").join(
        found, on="pay_idx", how="left", maintain_order="left"
    )
    return wanted.with_columns(
        outcome_id=pl.when(asks).then("served_id").otherwise("outcome_id"),
        outcome_words=pl.when(asks).then("served_words").otherwise("own_words"),
    )


def served(payments: pl.DataFrame, holders: Holders, hearing: Hearing | None = None) -> pl.DataFrame:
    """One row per payment (`pay_idx, plan_version_id` and BUYING): the outcome it serves best, and why.

    Columns: `served_id, served_words` (null below SERVES_SHARE), `goal_state_code, goal_share, goal_runner_up_id, goal_because`.
    What is said alike is judged once for each wording of an outcome.
    """
    told = _outcomes(payments, holders)
    goals = told.select("told", "tags").unique().sort("told", "tags").with_row_index("goal")
    bought = payments.select(BUYING).unique().sort(BUYING).with_row_index("purchase")
    said = payments.select("pay_idx", "plan_version_id", *BUYING).join(bought, on=BUYING, nulls_equal=True)
    of_plan = told.join(goals, on=["told", "tags"])
    asked = said.select("pay_idx", "plan_version_id", "purchase").join(of_plan, on="plan_version_id")
    judged = _judged(goals, bought, asked.select("goal", "purchase").unique().sort("goal", "purchase"), hearing)
    best = (
        asked.join(judged, on=["goal", "purchase"])
        .sort("pay_idx", "strength", "outcome_id", descending=[False, True, False])
        .with_columns(
            runner_id=pl.col("outcome_id").shift(-1).over("pay_idx"),
            runner_strength=pl.col("strength").shift(-1).over("pay_idx"),
        )
        .unique("pay_idx", keep="first", maintain_order=True)
    )
    answers = payments.select("pay_idx", "category_code").join(best, on="pay_idx", how="left", maintain_order="left")
    return _in_words(answers)


def _outcomes(payments: pl.DataFrame, holders: Holders) -> pl.DataFrame:
    """One row per outcome of the versions asked: `plan_version_id, outcome_id, outcome_text, told, tags, agreed_on`."""
    asked = holders.outcomes.join(payments.select("plan_version_id").unique(), on="plan_version_id", how="semi")
    stated = asked.filter(pl.col("outcome_text").str.strip_chars() != "")
    agreed = holders.plans.select("plan_version_id", agreed_on=pl.coalesce("approved_on", "effective_from_on"))
    return (
        with_tags(stated, holders.goal_tags)
        .join(agreed, on="plan_version_id", how="left")
        .select(
            "plan_version_id",
            "outcome_id",
            "outcome_text",
            "agreed_on",
            told=pl.concat_str("outcome_text", "goal_type", separator=" ", ignore_nulls=True),
            tags=pl.col("tags").fill_null(""),
        )
    )


def _judged(goals: pl.DataFrame, bought: pl.DataFrame, pairs: pl.DataFrame, hearing: Hearing | None) -> pl.DataFrame:
    """The pairs (`goal, purchase`) with `strength`, `state`, `why`, and whether the goal and the purchase tell anything."""
    told = read_goals(goals["told"].to_list(), [tags.split("|") for tags in goals["tags"]], hearing.likeness if hearing else None)
    said = bought.rename({"payee_text": "merchant"}).with_columns(pl.col("merchant", "description").fill_null(""))
    purchases = read_purchases(said)
    goal, purchase = (pairs[name].cast(pl.Int64).to_numpy() for name in ("goal", "purchase"))
    found = serve(told, purchases, goal, purchase)
    near = near_of(told, said, goal, purchase, hearing.nearness) if hearing else None
    strength = strength_of(found, near)
    states = states_of(found, strength)
    return pairs.with_columns(
        strength=pl.Series(strength, dtype=pl.Float64),
        state=pl.Series(states, dtype=pl.Enum(STATES)).cast(pl.String),
        why=pl.Series(because(told, purchases, found, goal, purchase, states, near), dtype=pl.String),
        is_named=pl.Series(~(found.is_never | found.is_untold | found.is_mute_goal), dtype=pl.Boolean),
        is_untold=pl.Series(np.asarray(found.is_untold | found.is_never), dtype=pl.Boolean),
    )


def _in_words(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers as columns of matched.payments; `goal_because` names the nearest outcome, the day it was agreed, and what is missing."""
    plain = category_words().rename({"code": "category_code", "plain": "bought"})
    outcome = pl.concat_str(quoted(pl.col("outcome_text")), pl.lit(", agreed "), plain_day_expr(pl.col("agreed_on")), ignore_nulls=True)
    named = (
        pl.when(pl.col("outcome_id").is_null())
        .then(pl.lit(NO_OUTCOMES))
        .when("is_untold")
        .then("why")
        .when(pl.col("state") == "fits")
        .then(filled_in("The outcome {} could be what it serves. {}", outcome, "why"))
        .when(pl.col("state") == "unclear")
        .then(filled_in("It is not clear that an outcome is served; nearest: {}. {}", outcome, "why"))
        .otherwise(filled_in("No outcome of the plan speaks of {}; nearest: {}. {}", "bought", outcome, "why"))
    )
    is_linked = pl.col("is_named") & (pl.col("strength") >= SERVES_SHARE)
    runs_up = pl.col("is_named") & (pl.col("runner_strength") >= RUNNER_UP_SHARE)
    return answers.join(plain, on="category_code", how="left", maintain_order="left").select(
        "pay_idx",
        served_id=pl.when(is_linked).then("outcome_id"),
        served_words=pl.when(is_linked).then("outcome_text"),
        goal_state_code=pl.col("state").fill_null("no_goal"),
        goal_share=pl.col("strength").fill_null(0.0),
        goal_runner_up_id=pl.when(runs_up).then("runner_id"),
        goal_because=named,
    )
