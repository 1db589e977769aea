"""The read API under what schemathesis makes of its description: right and wrong data."""

from __future__ import annotations

import schemathesis
from schemathesis.engine import events, from_schema

from dragoman.store import Store
from dragoman.web import create_app
from tests.web.conftest import SETTINGS


def test_every_answer_is_as_described_whatever_is_asked(newsroom: Store) -> None:
    app = create_app(newsroom, SETTINGS)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    schema.config.generation.update(max_examples=5)
    schema.config.phases.stateful.enabled = False  # reads alone: nothing leads to anything
    schema.config.continue_on_failure = True
    faults: set[str] = set()
    asked = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults.add(str(event))
        if not isinstance(event, events.ScenarioFinished):
            continue
        asked += len(event.recorder.cases)
        for id, checks in event.recorder.checks.items():
            case = event.recorder.cases[id].value
            # A cursor is any text by the description, but we know only those that we gave.
            is_cursor = "cursor" in (case.query or {})
            for check in checks:
                is_ours = is_cursor and check.name == "positive_data_acceptance"
                if check.failure_info and not is_ours:
                    failure = check.failure_info.failure
                    faults.add(f"{event.recorder.label} {case.query} {failure}")
    assert asked > 200
    assert not faults, "\n".join(sorted(faults)[:10])
