"""A made-up world of any size with planted, labelled problems: real-shaped files, nobody's data."""

from phb_audit.synthetic.world import LAST_DAY, WorldTotals, make_world

__all__ = ["LAST_DAY", "WorldTotals", "make_world"]
