from utilities.testing import TableTestCases

from netbox_gwports import tables


class EnforcementPointTableTest(TableTestCases.StandardTableTestCase):
    table = tables.EnforcementPointTable


class EnforcementZoneTableTest(TableTestCases.StandardTableTestCase):
    table = tables.EnforcementZoneTable


class FlowTemplateTableTest(TableTestCases.StandardTableTestCase):
    table = tables.FlowTemplateTable


class GatewayAddressTableTest(TableTestCases.StandardTableTestCase):
    table = tables.GatewayAddressTable


class GatewayGroupTableTest(TableTestCases.StandardTableTestCase):
    table = tables.GatewayGroupTable


class GatewayProfileTableTest(TableTestCases.StandardTableTestCase):
    table = tables.GatewayProfileTable


class GatewayServiceTableTest(TableTestCases.StandardTableTestCase):
    table = tables.GatewayServiceTable


class GatewayTableTest(TableTestCases.StandardTableTestCase):
    table = tables.GatewayTable


class ProfileFeatureTableTest(TableTestCases.StandardTableTestCase):
    table = tables.ProfileFeatureTable


class RemoteEndpointTableTest(TableTestCases.StandardTableTestCase):
    table = tables.RemoteEndpointTable


class RemoteRoleTableTest(TableTestCases.StandardTableTestCase):
    table = tables.RemoteRoleTable


class RequiredFlowTableTest(TableTestCases.StandardTableTestCase):
    table = tables.RequiredFlowTable


class VendorTableTest(TableTestCases.StandardTableTestCase):
    table = tables.VendorTable
    # A tab of the profile shows it, not a list
    queryset_sources = (('tab', tables.VendorTable.Meta.model.objects.all()),)
