# Thin: everything is in demo/, so that "python3 -m demo COMMAND" works without make
PYTHON ?= python3

demo demo-reset test lint check build dump dump-check:
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) was not found: install Python 3.12 or newer, or name one: make $@ PYTHON=/path/to/python3"; exit 1; }
	@exec $(PYTHON) -m demo $@

.PHONY: demo demo-reset test lint check build dump dump-check
