"""What several forms share."""

from django.utils.translation import gettext_lazy as _

from ..models import ProfileFeature
from ..reconcile import collected, with_parents

__all__ = ('GatewayFeaturesMixin',)


class GatewayFeaturesMixin:
    """Features of a gateway as people choose them: of its profile, together with their parents.

    For model forms of a gateway, and for its import, where fields may be absent.
    """

    def clean(self):
        # NetBox's forms change cleaned_data in place, and not all of them return it
        super().clean()
        cleaned = self.cleaned_data
        profile = cleaned.get('profile') or getattr(self.instance, 'profile', None)
        if profile and 'features' in cleaned:
            self._clean_features(profile, list(cleaned['features']))
        return cleaned

    def _clean_features(self, profile, features):
        before = self._stored_features()
        moved = self.instance.pk and self.initial.get('profile') not in (None, profile.pk)
        if moved and {f.pk for f in features} <= {f.pk for f in before}:
            # Another release of the product: the same features, as it knows them
            slugs = [feature.slug for feature in before]
            features = ProfileFeature.objects.filter(profile=profile, slug__in=slugs)
        elif not self.instance.pk and not features:
            features = ProfileFeature.objects.filter(profile=profile, enabled_by_default=True)
        if foreign := [feature.name for feature in features if feature.profile_id != profile.pk]:
            self.add_error(
                'features',
                _('Not features of {profile}: {features}.').format(profile=profile, features=', '.join(foreign)),
            )
        else:
            self.cleaned_data['features'] = with_parents(features)

    def _stored_features(self):
        return list(self.instance.features.all()) if self.instance.pk else []

    def save(self, *args, **kwargs):
        # Profile and features are one change
        with collected():
            return super().save(*args, **kwargs)
