"""Mixins and fields shared by several forms."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _
from utilities.forms.fields import DynamicModelMultipleChoiceField

from ..models import EnforcementZone, ProfileFeature, RemoteEndpoint
from ..reconcile import collected, with_parents

__all__ = (
    'REMOTE_FIELDS',
    'EndpointListsMixin',
    'GatewayFeaturesMixin',
    'KeepHiddenMembersMixin',
    'SkipReportedFieldsMixin',
    'ZonePrefixesMixin',
    'several',
)


# The part of a flow that says how its remote is found
REMOTE_FIELDS = ('dns_names', 'replaceable', 'zone', 'direct')


def several(model, label, **kwargs):
    return DynamicModelMultipleChoiceField(label=label, queryset=model.objects.all(), required=False, **kwargs)


class SkipReportedFieldsMixin:
    """Drop model errors for fields the form already rejected; those for fields it lacks concern the whole form.

    An import that changes an object has only the fields in its record.
    """

    def _update_errors(self, errors):
        if hasattr(errors, 'error_dict'):
            for name in [*errors.error_dict]:
                if name in self._errors:
                    del errors.error_dict[name]
                elif name not in (NON_FIELD_ERRORS, *self.fields):
                    errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(errors.error_dict.pop(name))
        super()._update_errors(errors)


class KeepHiddenMembersMixin:
    """Keep members that the user may not view when one of the fields in ``hidden_stay`` is written."""

    hidden_stay = ()

    def _clean_fields(self):
        # As limited by restrict_form_fields(); binding a dynamic field reduces its queryset to the selected objects
        self._seen = {name: self.fields[name].queryset for name in self.hidden_stay if name in self.fields}
        super()._clean_fields()

    def clean(self):
        super().clean()
        for name, seen in self._seen.items():
            if self.instance.pk and name in self.cleaned_data:
                hidden = getattr(self.instance, name).exclude(pk__in=seen.values('pk'))
                self.cleaned_data[name] = [*self.cleaned_data[name], *hidden]
        return self.cleaned_data


class GatewayFeaturesMixin:
    """Validates the features of a gateway and adds their parents.

    For the gateway's edit form and its import form, where fields may be absent.
    """

    def clean(self):
        super().clean()
        profile = self.cleaned_data.get('profile') or (self.instance.profile if self.instance.pk else None)
        if profile and 'features' in self.cleaned_data:
            self._clean_features(profile, list(self.cleaned_data['features']))
        return self.cleaned_data

    def _clean_features(self, profile, features):
        before = list(self.instance.features.all()) if self.instance.pk else []
        if self.instance.pk and self.instance.profile_id != profile.pk:
            if chosen := [feature for feature in features if feature not in before]:
                features = chosen
            else:
                # Another profile: keep the features that it knows by the same slug
                slugs = [feature.slug for feature in features or before]
                features = ProfileFeature.objects.filter(profile=profile, slug__in=slugs)
        elif not self.instance.pk and not features:
            features = ProfileFeature.objects.filter(profile=profile, enabled_by_default=True)
        if foreign := [feature.name for feature in features if feature.profile_id != profile.pk]:
            self.add_error(
                'features',
                _('{profile} does not have these features: {features}.').format(
                    profile=profile, features=', '.join(foreign)
                ),
            )
        else:
            self.cleaned_data['features'] = with_parents(features)

    def save(self, *args, **kwargs):
        # Profile and features are a single change
        with collected():
            return super().save(*args, **kwargs)


class EndpointListsMixin:
    """Validates members and scope of a remote endpoint; an import may omit any of the fields."""

    def clean(self):
        super().clean()
        cleaned, names = self.cleaned_data, RemoteEndpoint.SCOPE_LISTS.values()
        lists = {}
        if not self.instance.pk or any(name in cleaned for name in ('scope', *names)):
            lists = {name: cleaned.get(name, self._stored(name)) for name in names if name not in self.errors}
        if any(name in cleaned for name in (*RemoteEndpoint.ADDRESS_LISTS, 'literals')):
            lists |= self.instance.address_lists()
            lists |= {name: cleaned[name] for name in lists if name in cleaned}
        try:
            RemoteEndpoint.check_lists(cleaned.get('scope') or self.instance.scope, lists)
        except ValidationError as e:
            for name, errors in e.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        return cleaned

    def _stored(self, name):
        return getattr(self.instance, name).all() if self.instance.pk else ()


class ZonePrefixesMixin:
    """Validates the prefixes of an enforcement zone."""

    def clean_prefixes(self):
        prefixes = self.cleaned_data['prefixes']
        EnforcementZone.check_prefixes(prefixes)
        return prefixes
