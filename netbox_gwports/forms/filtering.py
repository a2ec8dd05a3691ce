from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import NetBoxModelFilterSetForm, OrganizationalModelFilterSetForm, PrimaryModelFilterSetForm
from utilities.forms.fields import DynamicModelMultipleChoiceField, TagFilterField

from ..choices import (
    AddressUseChoices,
    DirectionChoices,
    EndpointScopeChoices,
    FlowStatusChoices,
    GatewayStatusChoices,
    RemoteRoleKindChoices,
    ZoneChoices,
)
from ..models import (
    FlowTemplate,
    Gateway,
    GatewayAddress,
    GatewayGroup,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
)

__all__ = (
    'FlowTemplateFilterForm',
    'GatewayAddressFilterForm',
    'GatewayFilterForm',
    'GatewayGroupFilterForm',
    'GatewayProfileFilterForm',
    'GatewayServiceFilterForm',
    'ProfileFeatureFilterForm',
    'RemoteEndpointFilterForm',
    'RemoteRoleFilterForm',
    'RequiredFlowFilterForm',
)


def objects(model, label):
    return DynamicModelMultipleChoiceField(label=label, queryset=model.objects.all(), required=False)


def choices(choiceset, label):
    return forms.MultipleChoiceField(label=label, choices=choiceset, required=False)


class GatewayProfileFilterForm(PrimaryModelFilterSetForm):
    model = GatewayProfile
    tag = TagFilterField(model)


class ProfileFeatureFilterForm(PrimaryModelFilterSetForm):
    model = ProfileFeature
    profile_id = objects(GatewayProfile, _('Profile'))
    tag = TagFilterField(model)


class GatewayServiceFilterForm(PrimaryModelFilterSetForm):
    model = GatewayService
    profile_id = objects(GatewayProfile, _('Profile'))
    tag = TagFilterField(model)


class RemoteRoleFilterForm(OrganizationalModelFilterSetForm):
    model = RemoteRole
    zone = choices(ZoneChoices, _('Zone'))
    kind = choices(RemoteRoleKindChoices, _('Kind'))
    tag = TagFilterField(model)


class FlowTemplateFilterForm(PrimaryModelFilterSetForm):
    model = FlowTemplate
    profile_id = objects(GatewayProfile, _('Profile'))
    feature_id = objects(ProfileFeature, _('Feature'))
    direction = choices(DirectionChoices, _('Direction'))
    tag = TagFilterField(model)


class GatewayGroupFilterForm(OrganizationalModelFilterSetForm):
    model = GatewayGroup
    tag = TagFilterField(model)


class GatewayFilterForm(PrimaryModelFilterSetForm):
    model = Gateway
    profile_id = objects(GatewayProfile, _('Profile'))
    group_id = objects(GatewayGroup, _('Group'))
    status = choices(GatewayStatusChoices, _('Status'))
    tag = TagFilterField(model)


class GatewayAddressFilterForm(NetBoxModelFilterSetForm):
    model = GatewayAddress
    gateway_id = objects(Gateway, _('Gateway'))
    use = choices(AddressUseChoices, _('Use'))
    tag = TagFilterField(model)


class RemoteEndpointFilterForm(PrimaryModelFilterSetForm):
    model = RemoteEndpoint
    role_id = objects(RemoteRole, _('Role'))
    zone = choices(ZoneChoices, _('Zone'))
    scope = choices(EndpointScopeChoices, _('Scope'))
    tag = TagFilterField(model)


class RequiredFlowFilterForm(PrimaryModelFilterSetForm):
    model = RequiredFlow
    gateway_id = objects(Gateway, _('Gateway'))
    role_id = objects(RemoteRole, _('Role'))
    status = choices(FlowStatusChoices, _('Status'))
    direction = choices(DirectionChoices, _('Direction'))
    port = forms.IntegerField(label=_('Port'), required=False, min_value=1, max_value=65535)
    protocol = forms.CharField(label=_('Protocol'), required=False)
    tag = TagFilterField(model)
