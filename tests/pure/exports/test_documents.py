"""What documents hold."""

import json
from dataclasses import replace

from netbox_gwports.exports import (
    Material,
    Options,
)
from netbox_gwports.rules.build import resolve

from ..rules.build import endpoint, flow, gateway
from .samples import render


def test_a_document_says_what_covers_a_rule_only_if_it_holds_it():
    broad = flow(1, kind='any', role='everybody', zone='internet', specs=('tcp/443',))
    narrow = flow(2, role='vendor', zone='internet', specs=('tcp/443',))
    needs = gateway([broad, narrow], endpoints=[endpoint(1, 'vendor', 'internet', ['198.51.100.7'])])
    resolution = resolve(needs)
    rules = tuple(replace(r, standing='approved') if r.covered_by else r for r in resolution.rules)
    found = Material((replace(resolution, rules=rules),))

    def parts(options):
        return [
            (line['flows'][0]['id'], bool(line['covered_by']))
            for line in json.loads(render('json', found, options).content)['lines']
        ]

    assert parts(Options()) == [(1, False), (2, True)]
    assert parts(Options(standings=('approved',))) == [(2, False)]
