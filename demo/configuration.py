"""NetBox's configuration for the demo and the tests. What differs between runs comes from the environment."""

import json
import os

_demo = json.loads(os.environ['NETBOX_DEMO'])


def _redis(number):
    """Settings for one of our numbered databases. If the URL names a database, the numbers start there."""
    url, _, path = _demo['redis'].partition('://')[2].partition('/')
    scheme = _demo['redis'].partition('://')[0]
    if scheme == 'unix':
        return {'URL': f'unix:///{path.split("?")[0]}?db={number}'}
    first = int(path) if path.isdecimal() else 0
    return {'URL': f'{scheme}://{url}/{first + number}'}


# pytest-django gives each pytest-xdist worker its own PostgreSQL database; for Redis it is done here
_worker = os.environ.get('PYTEST_XDIST_WORKER', '')
_number = 2 * (int(_worker[2:]) + 1) if _worker.startswith('gw') else 0

# Loopback only: DNS rebinding must not reach a NetBox with the password admin/admin
ALLOWED_HOSTS = ['127.0.0.1', 'localhost', '[::1]']
DATABASES = {'default': {'ENGINE': 'demo.pg', 'CONN_MAX_AGE': 300, **_demo['database']}}
REDIS = {'tasks': _redis(_number), 'caching': _redis(_number + 1)}
SECRET_KEY = _demo['secret']
API_TOKEN_PEPPERS = {1: _demo['pepper']}
PLUGINS = _demo['plugins']
if 'netbox_branching' in PLUGINS:
    from netbox_branching.utilities import DynamicSchemaDict

    DATABASES = DynamicSchemaDict(DATABASES)
    DATABASE_ROUTERS = ['netbox_branching.database.BranchAwareRouter']
MEDIA_ROOT, REPORTS_ROOT, SCRIPTS_ROOT = (
    os.path.join(_demo['state'], name) for name in ('media', 'reports', 'scripts')
)
# Allows the password admin/admin, for a demo on the loopback interface
AUTH_PASSWORD_VALIDATORS = []
ISOLATED_DEPLOYMENT = True
CENSUS_REPORTING_ENABLED = False
# Required by makemigrations
DEVELOPER = True

if 'PYTEST_VERSION' in os.environ:
    # As in NetBox's own test configuration: otherwise enqueue() inside a test's transaction returns None, and all users
    # see their own tokens and permissions
    RQ = {'COMMIT_MODE': 'auto'}
    DEFAULT_PERMISSIONS = {}
