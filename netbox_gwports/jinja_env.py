"""Rules in NetBox's config templates and export templates: a filter, and the namespace ``gwports``."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import ngettext
from jinja2.exceptions import TemplateRuntimeError

from .hosts import current_user, gateway_of
from .models import Gateway
from .requirements import requirements
from .rules.compact import Line, compact
from .rules.needs import Flow
from .rules.rule import Resolution, Rule, Unresolved

__all__ = ('Rules', 'filters', 'firewall_rules', 'namespace')


@dataclass(frozen=True)
class Rules:
    """The rules of one gateway for a template: iterates over them, and says what is missing.

    ``hidden`` counts needed flows that the user who renders the template may not see.
    """

    resolution: Resolution

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.resolution.rules)

    def __len__(self) -> int:
        return len(self.resolution.rules)

    @property
    def lines(self) -> list[Line]:
        """The rules that a firewall must hold, joined where that is exact."""
        return compact(self.resolution.openings)

    @property
    def unresolved(self) -> tuple[Unresolved, ...]:
        return self.resolution.unresolved

    @property
    def not_applicable(self) -> tuple[Flow, ...]:
        return self.resolution.not_applicable

    @property
    def hidden(self) -> int:
        return self.resolution.hidden


def firewall_rules(host, allow_hidden: bool = False) -> Rules:
    """The rules of a device, a virtual machine or a gateway; none for a host without a gateway.

    Within a request they are what its user may see. A configuration that is shorter because of that would close
    ports, so hidden flows are an error of the template unless ``allow_hidden`` says that it deals with ``hidden``.
    Outside of a request (a job, a script) everything is seen.
    """
    user = current_user()
    gateways = Gateway.objects.filter(pk=host.pk) if isinstance(host, Gateway) else gateway_of(host)
    if user is not None:
        gateways = gateways.restrict(user, 'view')
    gateway = gateways.first()
    if gateway is None:
        hidden = isinstance(host, Gateway) or gateway_of(host).exists()
        if hidden and not allow_hidden:
            raise TemplateRuntimeError(f'firewall_rules: the gateway of {host} is not visible to this user.')
        return Rules(Resolution(gateway=None, hidden=int(hidden)))
    rules = Rules(requirements([gateway], user)[0])
    if rules.hidden and not allow_hidden:
        raise TemplateRuntimeError(
            ngettext(
                'firewall_rules: {n} flow of {host} is not visible to this user, so its rules are not complete. '
                'Use firewall_rules(allow_hidden=True) and print "hidden".',
                'firewall_rules: {n} flows of {host} are not visible to this user, so its rules are not complete. '
                'Use firewall_rules(allow_hidden=True) and print "hidden".',
                rules.hidden,
            ).format(n=rules.hidden, host=host)
        )
    return rules


filters = {'firewall_rules': firewall_rules}
namespace = {'firewall_rules': firewall_rules}
