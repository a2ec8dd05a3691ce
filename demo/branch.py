"""With DEMO_BRANCHING=1: a branch that changes the address of a DNS server, to show what that opens and closes."""

import uuid

from django.test import RequestFactory
from ipam.models import IPAddress
from netbox.context_managers import event_tracking
from netbox_branching.models import Branch
from netbox_branching.utilities import activate_branch

__all__ = ('load',)

NAME = 'Renumber DNS'


def load(user):
    """Create the branch unless it exists."""
    if Branch.objects.exists():
        return
    branch = Branch(name=NAME, owner=user, description='dns01 moves to 10.1.0.153')
    branch.save(provision=False)
    branch.provision(user=user)
    request = RequestFactory().get('/')
    request.id, request.user = uuid.uuid4(), user
    with activate_branch(branch), event_tracking(request):
        address = IPAddress.objects.get(address='10.1.0.53/24')
        address.snapshot()
        address.address = '10.1.0.153/24'
        address.save()
