"""NetBox creates its collation natural_sort from ICU, which the embedded PostgreSQL lacks.

On such a server the collation is created from an available provider instead: everything works, but names sort by
code point (Gi1/0/10 before Gi1/0/2). On a server with ICU nothing changes.
"""

from django.db.backends.postgresql import base, schema


class SchemaEditor(schema.DatabaseSchemaEditor):
    def execute(self, sql, params=()):
        text = str(sql)
        if text.lstrip().upper().startswith('CREATE COLLATION') and 'icu' in text and not self._has_icu():
            newer = self.connection.pg_version >= 170000
            provider = "provider=builtin, locale='C.UTF-8'" if newer else "provider=libc, locale='C'"
            sql = f'{text.split("(")[0]}({provider})'
        return super().execute(sql, params)

    def _has_icu(self):
        # The row "unicode" exists even without ICU; this one is only imported by initdb if ICU is available
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
            return cursor.fetchone() is not None


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
