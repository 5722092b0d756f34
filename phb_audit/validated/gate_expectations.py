"""Great Expectations' own expectations, asked for counts alone, and one of ours for conditions over a whole row.

Each keeps the question its parent asks and drops what nobody reads: the list of failing values (a query more for every expectation).
Part of the gate: imported by `gate.py` alone.
"""

# ruff: noqa: D102, N805 - the methods are Great Expectations', which describes them

from __future__ import annotations

from abc import ABC
from copy import deepcopy
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import ExpectColumnPairValuesAToBeGreaterThanB
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_column_values_to_match_regex import ExpectColumnValuesToMatchRegex
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_column_values_to_not_match_regex import ExpectColumnValuesToNotMatchRegex
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

ROWS_WHERE = "table.rows_where"
BOOLEAN_ONLY = {"result_format": "BOOLEAN_ONLY"}  # asks for the counts a verdict needs; the answer still carries them


class Settled(ExpectationConfiguration):
    """An expectation's configuration that knows whose it is; a copy is a plain one, for Great Expectations changes its copies."""

    whose: Any = None

    def to_domain_obj(self) -> Any:
        return self.whose

    def __deepcopy__(self, _memo: dict[int, Any]) -> ExpectationConfiguration:
        return ExpectationConfiguration(self.type, deepcopy(self.kwargs), meta=deepcopy(self.meta), severity=self.severity)


class CountsOnly(BatchExpectation, ABC):
    """What the expectations below have in common: made once, never changed, and asked for counts."""

    _made: Any = PrivateAttr(None)

    @property
    def configuration(self) -> Any:
        """Great Expectations asks for this hundreds of times while it plans one expectation."""
        if self._made is None:
            plain = super().configuration
            self._made = Settled(plain.type, plain.kwargs, meta=plain.meta, severity=plain.severity)
            self._made.whose = self
        return self._made

    def get_validation_dependencies(self, execution_engine: Any = None, runtime_configuration: Any = None, **more: Any) -> Any:
        wanted = runtime_configuration or {}
        asked: Any = super().get_validation_dependencies(
            execution_engine=execution_engine, runtime_configuration={**wanted, **BOOLEAN_ONLY}, **more
        )
        asked.result_format = wanted.get("result_format", asked.result_format)
        return asked


class CountOfNull(CountsOnly, ExpectColumnValuesToNotBeNull):
    """The column is filled."""


class CountOfRepeated(CountsOnly, ExpectColumnValuesToBeUnique):
    """No value twice."""


class CountOutsideSet(CountsOnly, ExpectColumnValuesToBeInSet):
    """One of the values."""


class CountOutsideLimits(CountsOnly, ExpectColumnValuesToBeBetween):
    """Within limits."""


class CountNotMatching(CountsOnly, ExpectColumnValuesToMatchRegex):
    """The pattern is found."""


class CountMatching(CountsOnly, ExpectColumnValuesToNotMatchRegex):
    """The pattern is not found."""


class CountOutOfOrder(CountsOnly, ExpectColumnPairValuesAToBeGreaterThanB):
    """The first column is not before the second."""


class RowsWhere(TableMetricProvider):
    """How many rows meet a condition in SQL: counted together with the other counts of the suite."""

    metric_name = ROWS_WHERE
    value_keys = ("words",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine, partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN, domain_type=MetricDomainTypes.TABLE
    )
    def _sqlalchemy(
        cls, execution_engine: Any, metric_domain_kwargs: Any, metric_value_kwargs: Any, metrics: Any, runtime_configuration: Any
    ) -> Any:
        met: Any = sa.literal_column(f"({metric_value_kwargs['words']})")
        return sa.func.sum(sa.case((met, 1), else_=0)), metric_domain_kwargs, {}


class CountWhere(CountsOnly):
    """No row meets the condition: the same as Great Expectations' unexpected rows, without a query of its own."""

    words: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (ROWS_WHERE,)
    success_keys: ClassVar[tuple[str, ...]] = ("words",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        found = int(metrics[ROWS_WHERE] or 0)
        return {"success": found == 0, "result": {"unexpected_count": found}}
