"""A client's own price of each good as an expression of plain SQL, by the rules of pricing/arithmetic.py."""

from typing import Any

import psycopg

from pricing.discounts import Discount
from pricing.terms import PriceTerms

_BELOW = """
WITH RECURSIVE below AS (
    SELECT unnest(%s::bigint[]) AS top, unnest(%s::bigint[]) AS id
    UNION
    SELECT below.top, section.id FROM below JOIN catalog_section section ON section.parent_id = below.id
) SELECT top, array_agg(id) FROM below GROUP BY top"""


class PriceSql:
    """Prices on the terms: the rules that the client meets are read once, as a shop would."""

    def __init__(
        self, connection: psycopg.Connection[Any], terms: PriceTerms, discounts: tuple[Discount, ...]
    ) -> None:
        self.terms = terms
        self._rules = [rule for rule in discounts if rule.minimum_quantity <= 1]
        tops = [rule.section_id for rule in self._rules if rule.section_id is not None]
        self._below = dict(connection.execute(_BELOW, [tops, tops]).fetchall())
        self.parameters: dict[str, Any] = {
            "contract": terms.contract_id,
            "type": terms.price_type_id,
            "floor_type": terms.floor_type_id or 0,
            "rate": terms.rate,
            "floor_rate": terms.floor_rate or 0,
            "step": terms.rounding_step,
        }

    def on_tables(self, goods: str) -> str:
        """Columns id, place (the order of names) and price of the goods, NULL on request."""
        return self._priced(
            f"""
            SELECT goods.id, row(goods.sort_key, goods.characteristic) AS place, agreed.amount AS agreed,
                   coalesce(own.amount, base.amount) AS amount,
                   coalesce(floor.amount, floor_base.amount) AS floor,
                   {self._percent(self._in_section_by_tables)} AS percent
              FROM ({goods}) AS goods
              LEFT JOIN catalog_sku plain ON goods.characteristic <> '' AND plain.characteristic = ''
                                         AND plain.product_id = goods.product_id
              LEFT JOIN pricing_price own ON own.sku_id = goods.id AND own.price_type_id = %(type)s
                                         AND own.minimum_quantity = 0
              LEFT JOIN pricing_price base ON base.sku_id = plain.id AND base.price_type_id = %(type)s
                                         AND base.minimum_quantity = 0
              LEFT JOIN pricing_price floor ON floor.sku_id = goods.id AND floor.minimum_quantity = 0
                                         AND floor.price_type_id = %(floor_type)s
              LEFT JOIN pricing_price floor_base ON floor_base.sku_id = plain.id
                                         AND floor_base.price_type_id = %(floor_type)s
                                         AND floor_base.minimum_quantity = 0
              LEFT JOIN pricing_individualprice agreed ON agreed.sku_id = goods.id
                                         AND agreed.contract_id = %(contract)s"""
        )

    def on_wide_rows(self, goods: str) -> str:
        return self._priced(
            f"""
            SELECT goods.sku_id AS id, goods.name_rank AS place, agreed.amount AS agreed,
                   amounts[%(type)s] AS amount, amounts[nullif(%(floor_type)s, 0)] AS floor,
                   {self._percent(self._in_section_by_array)} AS percent
              FROM ({goods}) AS goods
              LEFT JOIN pricing_individualprice agreed ON agreed.sku_id = goods.sku_id
                                         AND agreed.contract_id = %(contract)s"""
        )

    def _priced(self, facts: str) -> str:
        listed = _rounded("exact", is_up=self._is_up) if self.terms.currency != "RUB" else "exact"
        return f"""
            SELECT id, place, coalesce(agreed, CASE WHEN exact = 0 THEN NULL WHEN percent = 0 THEN listed
                   ELSE least(listed, CASE WHEN result < bound THEN {_rounded("bound", is_up=True)}
                                           ELSE result END) END) AS price
              FROM (SELECT *, {listed} AS listed, {_rounded("lowered", is_up=self._is_up)} AS result
                      FROM (SELECT *, greatest(exact * (1 - percent / 100), bound) AS lowered
                              FROM (SELECT *, least(exact, coalesce(floor * %(floor_rate)s, 0)) AS bound
                                      FROM (SELECT *, amount * %(rate)s AS exact FROM ({facts}) AS facts) AS a
                                   ) AS b
                           ) AS c
                   ) AS d"""

    @property
    def _is_up(self) -> bool:
        return self.terms.scale.is_rounded_up

    def _percent(self, in_section: Any) -> str:
        """The first rule, by rank, that the good meets."""
        cases = [
            f"WHEN {self._met(rule, in_section)} THEN {rule.percent / 100}::numeric" for rule in self._rules
        ]
        return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0::numeric"

    def _met(self, rule: Discount, in_section: Any) -> str:
        conditions = ["TRUE"]
        if rule.brand_id is not None:
            conditions.append(f"goods.brand_id = {rule.brand_id}")
        if rule.section_id is not None:
            conditions.append(in_section(rule.section_id))
        return " AND ".join(conditions)

    def _in_section_by_tables(self, section_id: int) -> str:
        listed = ", ".join(map(str, self._below[section_id]))
        return (
            "goods.product_id IN (SELECT product_id FROM catalog_productsection"
            f" WHERE section_id IN ({listed}))"
        )

    def _in_section_by_array(self, section_id: int) -> str:
        return f"goods.sections @> ARRAY[{section_id}]"


def _rounded(value: str, *, is_up: bool) -> str:
    """To the step, never to nought."""
    steps = f"ceil({value} / %(step)s)" if is_up else f"floor({value} / %(step)s + 0.5)"
    return f"greatest({steps}, 1) * %(step)s"
