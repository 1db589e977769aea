"""What engines may still be used: the month's cap on spending, and engines that gave out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dragoman import store, translate
from dragoman.errors import NoRoute, TranslateError
from dragoman.steps.work import Pass, log
from dragoman.types import EngineSpec, Leg, Route


class Budget:
    """The legs of a pass, less those of engines that cost money once the cap is reached.

    The cap is looked up for every article, since each one spends; those at work when it is
    reached are finished, so it is passed by what they cost.
    """

    def __init__(self, work: Pass, legs: Sequence[Leg], specs: Sequence[EngineSpec]) -> None:
        self._work = work
        self._legs = tuple(legs)
        self._priced = {spec.name for spec in specs if translate.has_price(spec)}
        self._out: dict[str, str] = {}  # engines left out for the rest of the pass, and why
        if self._cap and not self._priced:
            log.warning(
                "the monthly cap has no effect, since no engine has a price; set "
                "translate.options.ENGINE.price_per_million"
            )

    @property
    def _cap(self) -> float:
        return self._work.settings.translate.monthly_cap

    def leave_out(self, error: Exception | None) -> bool:
        """Leave an engine out for the rest of the pass if an error says that it gave out.

        Tells whether it did, so that its articles can go on at once without it.
        """
        engine = error.engine if isinstance(error, TranslateError) else ""
        if engine not in {leg.engine for leg in self._legs}:
            return False
        if engine not in self._out:
            log.warning("engine left out of this pass", engine=engine, error=str(error))
        self._out[engine] = str(error)
        return True

    def legs(self, *, is_money_spent: bool = True) -> tuple[Leg, ...]:
        """Give the legs that may be used now; without money those alone that cost none."""
        is_free = not is_money_spent or self._is_cap_reached()
        shut = set(self._out) | (self._priced if is_free else set())
        return tuple(leg for leg in self._legs if leg.engine not in shut)

    def find_route(self, language: str, into: str) -> Route:
        """Find the best route that may be used now.

        Raises `NoRoute`, which says where the cap or a refused engine is what stands in the way.
        """
        try:
            return translate.find_route(self.legs(), language, into)
        except NoRoute:
            route = translate.find_route(self._legs, language, into)  # or there is none at all
            for leg in route.legs:
                if leg.engine in self._out:
                    raise NoRoute(self._out[leg.engine]) from None
            raise NoRoute(self._explain_cap()) from None

    def _is_cap_reached(self) -> bool:
        if not (self._cap and self._priced):
            return False
        month = store.spending.month_of(self._work.now())
        return store.spending.month_cost(self._work.db, month) >= self._cap

    def _explain_cap(self) -> str:
        end = _next_month(self._work.now())
        return (
            f"the cap of {self._cap:g} a month on engines that cost money is reached; it waits "
            f"until {end:%Y-%m-%d} (UTC), or until translate.monthly_cap is raised"
        )


def _next_month(now: datetime) -> datetime:
    at = now.astimezone(UTC)
    return datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
