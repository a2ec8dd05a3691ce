# All commands are implemented in demo/, so that "python3 -m demo COMMAND" works without make.
# PORT, NETBOX_VERSION, DATABASE_URL and REDIS_URL are read from the environment; ARGS="-k ports" is passed to pytest.
PYTHON ?= python3

demo demo-reset test test-fast mutants attack lint check build docs dump dump-check:
	@if command -v $(PYTHON) >/dev/null; then exec $(PYTHON) -m demo $@ $(ARGS); fi; \
	if command -v uv >/dev/null; then exec uv run --quiet --no-project --python '>=3.12,<3.15' python -m demo $@ $(ARGS); fi; \
	echo "error: $(PYTHON) was not found: install Python 3.12 or newer, or uv, or name one: make $@ PYTHON=/path/to/python3"; exit 1

.PHONY: demo demo-reset test test-fast mutants attack lint check build docs dump dump-check
