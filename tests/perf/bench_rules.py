"""CPU time from flows to rules and to JSON, and how it grows. No test: run it by hand, with

    python3 -m demo exec python tests/perf/bench_rules.py

The first table is one gateway with more and more flows; "pairwise" is what finding the covered rules costs if all pairs
are compared, which must give the same. The second table is more and more gateways joined into lines. "x" is the cost
relative to the row above. ``tests/pure/rules/test_growth.py`` asserts the growth.
"""

import gc
import time
from dataclasses import replace

from bench_exports import gateways

from netbox_gwports.exports import Material, collect, render
from netbox_gwports.rules import ports
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.compact import compact
from netbox_gwports.rules.cover import mark_covered
from netbox_gwports.rules.ports import PortSpec

REPEATED = 7


def milliseconds(call, repeated=REPEATED):
    """The least CPU time of several calls."""
    spent = []
    for _ in range(repeated):
        gc.collect()
        started = time.process_time()
        call()
        spent.append(time.process_time() - started)
    return 1000 * min(spent)


def with_flows(count):
    """A gateway with the flows of the bundled mail gateway, again with other ports until there are as many."""
    [needs] = gateways(1)
    flows = []
    for number in range(count):
        flow = needs.flows[number % len(needs.flows)]
        other = flow.ports if number < len(needs.flows) else (PortSpec('tcp', 1000 + number, 1000 + number),)
        flows.append(replace(flow, id=number + 1, ports=other))
    return replace(needs, flows=tuple(flows))


def pairwise(rules):
    """The keys of the rules that contain each rule, found by comparing all of them."""

    def place(rule):
        return rule.direction, rule.zone, rule.protocol, rule.family

    def contains(broad, narrow):
        sides = broad.local.contains(narrow.local) and broad.remote.contains(narrow.remote)
        return sides and ports.contains(broad.ports, narrow.ports)

    def covers(broad, narrow):
        same = broad is not narrow and place(broad) == place(narrow)
        return same and contains(broad, narrow) and (not contains(narrow, broad) or broad.key < narrow.key)

    return [tuple(sorted(broad.key for broad in rules if covers(broad, rule))) for rule in rules]


def of_one_gateway():
    exporter = collect()['json']
    print(
        f'{"flows":>9}{"rules":>8}{"resolve ms":>12}{"x":>6}{"JSON ms":>9}{"x":>6}{"covered ms":>12}{"pairwise ms":>13}'
    )
    resolving = writing = None
    for count in (30, 75, 150, 300, 600, 1200):
        needs = with_flows(count)
        rules = [replace(rule, covered_by=()) for rule in resolve(needs).rules]
        assert [rule.covered_by for rule in mark_covered(rules)] == pairwise(rules)
        before = resolving, writing
        resolving = milliseconds(lambda: resolve(needs))
        writing = milliseconds(lambda: render(exporter, Material((resolve(needs),)))) - resolving
        covering = milliseconds(lambda: mark_covered(rules))
        comparing = milliseconds(lambda: pairwise(rules), 1)
        row = f'{count:9}{len(rules):8}{resolving:12.2f}{times(resolving, before[0])}{writing:9.2f}'
        print(f'{row}{times(writing, before[1])}{covering:12.2f}{comparing:10.1f}', flush=True)


def times(spent, before):
    return f'{spent / before:6.1f}' if before else ' ' * 6


def of_many_gateways():
    print(f'\n{"gateways":>9}{"rules":>8}{"lines":>8}{"compact ms":>12}{"x":>6}')
    before = None
    for count in (125, 250, 500, 1000):
        rules = [rule for needs in gateways(count) for rule in resolve(needs).rules]
        spent = milliseconds(lambda: compact(rules), 3)
        print(f'{count:9}{len(rules):8}{len(compact(rules)):8}{spent:12.0f}{times(spent, before)}', flush=True)
        before = spent


if __name__ == '__main__':
    of_one_gateway()
    of_many_gateways()
