"""Rules in NetBox's config templates and export templates: a filter and the namespace ``gwports``."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import ngettext
from jinja2.exceptions import TemplateRuntimeError

from .export_formats import read_options, render
from .exports import ExportError, OptionError
from .models import EnforcementPoint, Gateway
from .requirements import requirements
from .requirements.material import firewall_defaults, firewall_material, gateway_defaults, material_of
from .rules.compact import Line, compact
from .rules.needs import Flow
from .rules.rule import Resolution, Rule, Unresolved
from .viewer import current_user, gateway_of, point_of

__all__ = ('Rules', 'export', 'filters', 'firewall_rules', 'namespace')


@dataclass(frozen=True)
class Rules:
    """The rules of one gateway for a template: an iterable of rules, with the open items beside them.

    ``hidden`` is the number of required flows that the user rendering the template may not view.
    """

    resolution: Resolution

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.resolution.rules)

    def __len__(self) -> int:
        return len(self.resolution.rules)

    @property
    def lines(self) -> list[Line]:
        """The rules to configure on a firewall, joined where the result is equivalent."""
        return compact(self.resolution.effective_rules)

    @property
    def unresolved(self) -> tuple[Unresolved, ...]:
        return self.resolution.unresolved

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the rules has to know: which address of a machine was taken, what is offline."""
        return tuple(note.text for note in self.resolution.notes)

    @property
    def not_applicable(self) -> tuple[Flow, ...]:
        return self.resolution.not_applicable

    @property
    def hidden(self) -> int:
        return self.resolution.hidden


def firewall_rules(machine, allow_hidden: bool = False) -> Rules:
    """The rules of a device, virtual machine or gateway; none for a machine without a gateway.

    Within a request, the rules are limited to what its user may view. A configuration without the other rules would
    close ports, so hidden flows raise TemplateRuntimeError unless ``allow_hidden`` is set. Outside a request (in a job
    or a script), all rules are returned.
    """
    user = current_user()
    gateways = Gateway.objects.filter(pk=machine.pk) if isinstance(machine, Gateway) else gateway_of(machine)
    if user is not None:
        gateways = gateways.restrict(user, 'view')
    gateway = gateways.first()
    if gateway is None:
        hidden = isinstance(machine, Gateway) or gateway_of(machine).exists()
        if hidden and not allow_hidden:
            raise TemplateRuntimeError(f'firewall_rules: the gateway of {machine} is not visible to this user.')
        return Rules(Resolution(gateway=None, hidden=int(hidden)))
    rules = Rules(requirements([gateway], user)[0])
    if rules.hidden and not allow_hidden:
        raise TemplateRuntimeError(
            ngettext(
                'firewall_rules: {n} flow of {machine} is not visible to this user, so the rules are incomplete. '
                'Use firewall_rules(allow_hidden=True) and output "hidden".',
                'firewall_rules: {n} flows of {machine} are not visible to this user, so the rules are incomplete. '
                'Use firewall_rules(allow_hidden=True) and output "hidden".',
                rules.hidden,
            ).format(n=rules.hidden, machine=machine)
        )
    return rules


def export(machine, format_name: str = '', allow_hidden: bool = False, **options) -> str:
    """The exported rules of a firewall (a machine with an enforcement point) or of a gateway, as text.

    ``options`` are export options: strings or lists of strings. Hidden flows raise an error as in firewall_rules().
    """
    user = current_user()
    point = machine if isinstance(machine, EnforcementPoint) else None
    if point is None and not isinstance(machine, Gateway):
        points = point_of(machine)
        point = (points if user is None else points.restrict(user, 'view')).first()
    try:
        if point is not None:
            gathered, defaults = firewall_material(point, user), firewall_defaults(point, user)
            format_name = format_name or point.format_name
        else:
            rules = firewall_rules(machine, allow_hidden)
            if rules.resolution.gateway is None:
                raise TemplateRuntimeError(f'export: {machine} is neither a gateway nor an enforcement point.')
            gathered = material_of([rules.resolution], user)
            defaults = gateway_defaults([rules.resolution.gateway.id], user)
        if gathered.hidden and not allow_hidden:
            raise TemplateRuntimeError(f'export: {gathered.hidden} flows of {machine} are not visible to this user.')
        texts = {
            name: [str(v) for v in (value if isinstance(value, list | tuple) else [value])]
            for name, value in options.items()
        }
        found = render(format_name, gathered, read_options(texts, **defaults))
    except (ExportError, OptionError) as e:
        raise TemplateRuntimeError(f'export: {e}') from None
    if isinstance(found.content, bytes):
        raise TemplateRuntimeError(f'export: {format_name} is a binary format.')
    return found.content


filters = {'firewall_rules': firewall_rules}
namespace = {'export': export, 'firewall_rules': firewall_rules}
