"""How much is one event: what one newsroom calls a follow-up is another's same report."""

from __future__ import annotations

from dataclasses import dataclass

CALM_DAYS = 2.0
_MARGIN = 2.0  # log odds


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an event ends.

    Beyond two days follow-ups are part of it: the longer it is, the more it is asked whether two
    reports are of one story, and the less whether they are of one happening.
    """

    days: float = CALM_DAYS  # that the reports of one event may lie apart
    least: float = -1.25  # mean log odds from which two groups of reports are one event

    @property
    def margin(self) -> float:
        """Give by how much two groups of one event may be less alike than their own members."""
        return _MARGIN * max(1.0, self.days / CALM_DAYS)

    def weigh(self, event: float, story: float, cost: float) -> float:
        """Give the log odds of one event: of one happening, of one story, and the cost of time."""
        share = min(1.0, CALM_DAYS / self.days)
        odds = event if share == 1.0 else share * event + (1.0 - share) * story
        return odds - cost * CALM_DAYS / self.days


SHIPPED = Scale()
