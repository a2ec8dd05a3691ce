"""The types of events that gateways have, for NetBox's event rules and notifications."""

from django.utils.translation import gettext_lazy as _
from netbox.events import EVENT_TYPE_KIND_DANGER, EVENT_TYPE_KIND_WARNING, EventType

__all__ = ('EVENT_TYPES', 'EXPIRED', 'OPEN_WITHOUT_APPROVAL', 'REQUIREMENTS_CHANGED', 'REVIEW_DUE')

REQUIREMENTS_CHANGED = 'netbox_gwports.requirements_changed'
REVIEW_DUE = 'netbox_gwports.review_due'
EXPIRED = 'netbox_gwports.expired'
OPEN_WITHOUT_APPROVAL = 'netbox_gwports.open_without_approval'


class TranslatedEventType(EventType):
    def __str__(self):
        # NetBox returns the text as it is, which must not be a lazy one
        return str(self.text)


EVENT_TYPES = (
    TranslatedEventType(REQUIREMENTS_CHANGED, _('Firewall requirements changed')),
    TranslatedEventType(REVIEW_DUE, _('Firewall review due'), kind=EVENT_TYPE_KIND_WARNING),
    TranslatedEventType(EXPIRED, _('Required flow or approval expired'), kind=EVENT_TYPE_KIND_WARNING),
    TranslatedEventType(OPEN_WITHOUT_APPROVAL, _('Rules open without approval'), kind=EVENT_TYPE_KIND_DANGER),
)
