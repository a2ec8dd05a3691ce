from dcim.models import Site
from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelFilterSetForm
from tenancy.forms import ContactModelFilterForm
from users.models import User
from utilities.forms import FilterForm
from utilities.forms.fields import TagFilterField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ...choices import ChangeRequestStatusChoices, SignOffKindChoices, SignOffOriginChoices
from ...models import ChangeRequest, EnforcementPoint, Gateway, GatewayGroup, SignOff
from .common import boolean, choices, objects

__all__ = ('ChangeRequestFilterForm', 'SignOffFilterForm')


class ChangeRequestFilterForm(ContactModelFilterForm, PrimaryModelFilterSetForm):
    status = choices(ChangeRequestStatusChoices, _('Status'))
    ticket = forms.CharField(label=_('Ticket'), required=False)
    emergency = boolean(_('Emergency'))
    valid_until = forms.DateField(label=_('Valid until'), required=False, widget=DatePicker())
    rule_key = forms.CharField(label=_('Rule ID'), required=False)
    site_id = objects(Site, _('Site'))
    group_id = objects(GatewayGroup, _('Gateway group'))
    gateway_id = objects(Gateway, _('Gateway'), query_params={'site_id': '$site_id', 'group_id': '$group_id'})
    enforcement_point_id = objects(EnforcementPoint, _('Implemented on'))
    user_id = objects(User, _('Signed off by'))
    tag = TagFilterField(ChangeRequest)

    model = ChangeRequest
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('status', 'ticket', 'emergency', 'valid_until', name=_('Change Request')),
        FieldSet('site_id', 'group_id', 'gateway_id', 'rule_key', name=_('Rules')),
        FieldSet('enforcement_point_id', 'user_id', name=_('Sign-offs')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
        FieldSet('contact', 'contact_role', 'contact_group', name=_('Contacts')),
    )
    selector_fields = ('filter_id', 'q', 'status')


class SignOffFilterForm(FilterForm):
    kind = choices(SignOffKindChoices, _('Kind'))
    change_request_id = objects(ChangeRequest, _('Change request'))
    gateway_id = objects(Gateway, _('Gateway'))
    enforcement_point_id = objects(EnforcementPoint, _('Enforcement point'))
    user_id = objects(User, _('User'))
    origin = choices(SignOffOriginChoices, _('Origin'))

    model = SignOff
    fieldsets = (
        FieldSet('q'),
        FieldSet('kind', 'change_request_id', 'gateway_id', 'enforcement_point_id', name=_('Sign-off')),
        FieldSet('user_id', 'origin', name=_('User')),
    )
