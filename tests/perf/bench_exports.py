"""Time of resolving and exporting 1, 100 and 1,000 gateways, or with --memory the memory. No test: run it by hand, with

    python3 -m demo exec python tests/perf/bench_exports.py [--memory] [format ...]

Prints a row a format and number of gateways: seconds or megabytes at the peak, rules, size. Compare rows of one run.
"""

import sys
import time
import tracemalloc
from pathlib import Path

from netbox_gwports.catalog.document import read
from netbox_gwports.exports import Material, Options, collect, render
from netbox_gwports.rules.addresses import Address, Ref, parse
from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import Endpoint, Flow, GatewayNeeds, LocalAddress, Member
from netbox_gwports.rules.ports import parse as parse_port

CATALOG = Path(__file__).parents[2] / 'netbox_gwports' / 'catalog' / 'bundled' / 'clearswift-seg-6.3.yaml'
FORMATS = ('json', 'csv', 'markdown', 'nftables', 'cisco_ios', 'paloalto_panos', 'fortinet_fortios')
NETWORKS = {'internal': '10.1.0.0/16', 'dmz': '192.0.2.0/24', 'management': '10.99.0.0/16'}


def gateways(count):
    """Gateways with every feature, an address each, and the same endpoints for all of them."""
    catalog = read(CATALOG.read_text(encoding='utf-8'))
    roles = {role.slug: (number, role) for number, role in enumerate(catalog.roles, 1)}
    services = {service.name: service for service in catalog.services}
    endpoints = tuple(
        Endpoint(
            Ref('netbox_gwports.remoteendpoint', number, role.name),
            slug,
            role.zone,
            (Member(role.name, (parse(f'{"198.51" if role.zone == "internet" else "10.1"}.{number}.5'),)),),
        )
        for slug, (number, role) in roles.items()
        if role.kind == 'named'
    )
    flows = tuple(
        Flow(
            id=number,
            name=flow.service,
            purpose=flow.purpose,
            direction=flow.direction,
            role=Ref('netbox_gwports.remoterole', roles[flow.role][0], flow.role),
            role_slug=flow.role,
            role_kind=roles[flow.role][1].kind,
            role_zone=roles[flow.role][1].zone,
            ports=tuple(map(parse_port, services[flow.service].ports)),
            dns_names=flow.dns_names,
        )
        for number, flow in enumerate(catalog.flows, 1)
        if not flow.not_opened
    )
    first = parse('192.0.2.0').first
    for number in range(count):
        address = Address(4, first + number, first + number)
        yield GatewayNeeds(
            Ref('netbox_gwports.gateway', number + 1, f'gateway {number + 1}'),
            flows,
            (LocalAddress(address),),
            endpoints=endpoints,
        )


def main(formats, memory):
    options = Options(networks={zone: (parse(network),) for zone, network in NETWORKS.items()})
    # Counted only where it was asked for, since counting takes most of the time
    measured = Memory if memory else Seconds
    print(f'{"":18}{"gateways":>9}{measured.unit:>9}{"rules":>8}{"kB":>8}')
    for count in (1, 100, 1000):
        with measured() as spent:
            material = Material(tuple(resolve(gateway) for gateway in gateways(count)))
        row('(resolve)', count, spent, material, '')
        for name in formats:
            with measured() as spent:
                content = render(collect()[name], material, options).content
            row(name, count, spent, material, content)


def row(name, count, spent, material, content):
    print(f'{name:18}{count:9}{spent.value:9.2f}{len(material.rules):8}{len(content) / 1e3:8.0f}', flush=True)


class Seconds:
    unit = 'seconds'

    def __enter__(self):
        self.started = time.perf_counter()
        return self

    def __exit__(self, *exc):
        self.value = time.perf_counter() - self.started


class Memory:
    unit = 'peak MB'

    def __enter__(self):
        tracemalloc.start()
        return self

    def __exit__(self, *exc):
        self.value = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()


if __name__ == '__main__':
    arguments = sys.argv[1:]
    main([name for name in arguments if name != '--memory'] or FORMATS, '--memory' in arguments)
