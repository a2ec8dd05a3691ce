"""How much the quick tests generate, and which of the generated gateways are for all tests only."""

import os

import pytest
from hypothesis import settings

# Chunks of generated gateways (see rules/examples.py) and examples of each generated test that the quick tests run. All
# of them if EXAMPLES is set
QUICK_CHUNKS = 2
QUICK_EXAMPLES = 25


def pytest_configure(config):
    if config.option.markexpr == 'not slow' and 'EXAMPLES' not in os.environ:
        settings.register_profile('quick', max_examples=QUICK_EXAMPLES)
        settings.load_profile('quick')


def pytest_collection_modifyitems(items):
    if 'EXAMPLES' in os.environ:
        return
    for item in items:
        if hasattr(item, 'callspec') and item.callspec.params.get('chunk', 0) >= QUICK_CHUNKS:
            item.add_marker(pytest.mark.slow)
