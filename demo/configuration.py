"""NetBox's configuration for demo and tests; what moves between runs comes from the environment."""

import json
import os

_demo = json.loads(os.environ['NETBOX_DEMO'])


def _redis(number):
    url = _demo['redis']
    return {'URL': f'{url}?db={number}' if url.startswith('unix:') else f'{url}/{number}'}


# pytest-xdist workers get databases of their own from pytest-django; Redis has to be told
_worker = os.environ.get('PYTEST_XDIST_WORKER', '')
_number = 2 * (int(_worker[2:]) + 1) if _worker.startswith('gw') else 0

ALLOWED_HOSTS = ['*']
DATABASES = {'default': {'ENGINE': 'demo.pg', 'CONN_MAX_AGE': 300, **_demo['database']}}
REDIS = {'tasks': _redis(_number), 'caching': _redis(_number + 1)}
SECRET_KEY = _demo['secret']
API_TOKEN_PEPPERS = {1: _demo['pepper']}
PLUGINS = _demo['plugins']
MEDIA_ROOT, REPORTS_ROOT, SCRIPTS_ROOT = (
    os.path.join(_demo['state'], name) for name in ('media', 'reports', 'scripts')
)
# A demo on the loopback interface: admin/admin has to do
AUTH_PASSWORD_VALIDATORS = []
ISOLATED_DEPLOYMENT = True
CENSUS_REPORTING_ENABLED = False
# Without it makemigrations is refused
DEVELOPER = True

if 'PYTEST_VERSION' in os.environ:
    # As NetBox's own test configuration: else enqueue() inside a test's transaction returns nothing, and every user
    # sees their own tokens and permissions
    RQ = {'COMMIT_MODE': 'auto'}
    DEFAULT_PERMISSIONS = {}
