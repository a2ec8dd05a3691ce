"""Marks the larger part of the generated gateways as slow."""

import os

import pytest

# Chunks of generated gateways (see rules/examples.py) that the fast tests run; all of them if EXAMPLES is set
QUICK_CHUNKS = 5


def pytest_collection_modifyitems(items):
    if 'EXAMPLES' in os.environ:
        return
    for item in items:
        if hasattr(item, 'callspec') and item.callspec.params.get('chunk', 0) >= QUICK_CHUNKS:
            item.add_marker(pytest.mark.slow)
