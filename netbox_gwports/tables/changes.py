import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable, NetBoxTable, PrimaryModelTable, columns

from ..models import ChangeRequest, SignOff
from .requirements import LineTable

__all__ = ('ChangeLineTable', 'ChangeRequestTable', 'ProgressTable', 'SignOffTable', 'TimelineTable')


class ChangeRequestTable(PrimaryModelTable):
    title = tables.Column(linkify=True, verbose_name=_('Title'))
    ticket = tables.Column(linkify=True, verbose_name=_('Ticket'))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    emergency = columns.BooleanColumn(verbose_name=_('Emergency'))
    line_count = tables.Column(verbose_name=_('Rules'))
    contacts = columns.ManyToManyColumn(
        accessor='contacts.all', transform=lambda obj: obj.contact.name, orderable=False, verbose_name=_('Contacts')
    )
    tags = columns.TagColumn(url_name='plugins:netbox_gwports:changerequest_list')

    class Meta(PrimaryModelTable.Meta):
        model = ChangeRequest
        fields = (
            'pk', 'id', 'ticket', 'title', 'status', 'emergency', 'valid_until', 'line_count', 'reason', 'risk',
            'test_plan', 'back_out', 'contacts', 'description', 'comments', 'tags', 'created', 'last_updated',
        )  # fmt: skip
        default_columns = ('pk', 'ticket', 'title', 'status', 'emergency', 'valid_until', 'line_count', 'created')


class SignOffTable(NetBoxTable):
    """Sign-offs are never changed, so there are no actions but to look."""

    time = columns.DateTimeColumn(linkify=True, timespec='minutes', verbose_name=_('Time'))
    kind = columns.ChoiceFieldColumn(verbose_name=_('Kind'))
    change_request = tables.Column(linkify=True, verbose_name=_('Change request'))
    gateway_name = tables.Column(verbose_name=_('Gateway'))
    enforcement_point_name = tables.Column(verbose_name=_('Enforcement point'))
    user_name = tables.Column(verbose_name=_('User'))
    origin = columns.ChoiceFieldColumn(verbose_name=_('Origin'))
    line_count = tables.Column(accessor='lines', verbose_name=_('Rules'), orderable=False, empty_values=(None, []))
    digest = tables.Column(verbose_name=_('Digest'), attrs={'td': {'class': 'font-monospace'}})
    actions = columns.ActionsColumn(actions=())

    class Meta(NetBoxTable.Meta):
        model = SignOff
        fields = (
            'pk', 'id', 'time', 'kind', 'change_request', 'gateway_name', 'enforcement_point_name', 'line_count',
            'user_name', 'origin', 'valid_until', 'note', 'digest', 'actions',
        )  # fmt: skip
        default_columns = (
            'time', 'kind', 'change_request', 'gateway_name', 'enforcement_point_name', 'user_name', 'note',
        )  # fmt: skip

    def render_line_count(self, value):
        return len(value)


class ChangeLineTable(LineTable):
    """The lines of a change request for one gateway, all of which open or all of which close."""

    implemented = tables.TemplateColumn(
        template_name='netbox_gwports/columns/implemented.html',
        accessor='pk',
        verbose_name=_('Implemented on'),
        orderable=False,
    )

    class Meta(LineTable.Meta):
        fields = ('pk', 'direction', 'zone', 'source', 'destination', 'services', 'flows', 'implemented')
        sequence = fields
        exclude = ('standing', 'tickets')
        default_columns = fields


class ProgressTable(BaseTable):
    """What of a change request is done on each firewall."""

    firewall = tables.TemplateColumn(template_name='netbox_gwports/columns/firewall.html', verbose_name=_('Firewall'))
    opened = tables.Column(verbose_name=_('Opened'))
    closed = tables.Column(verbose_name=_('Closed'))
    progress = columns.UtilizationColumn(verbose_name=_('Implemented'))

    class Meta(BaseTable.Meta):
        model = SignOff
        fields = ('firewall', 'opened', 'closed', 'progress')
        default_columns = fields


class TimelineTable(SignOffTable):
    """The sign-offs of one change request, the oldest first."""

    class Meta(SignOffTable.Meta):
        fields = ('time', 'kind', 'enforcement_point_name', 'line_count', 'user_name', 'origin', 'note')
        exclude = ('pk', 'id', 'actions', 'change_request', 'gateway_name', 'valid_until', 'digest')
        default_columns = fields
