"""A database engine: Django's PostgreSQL, with a fallback for servers that were built without ICU."""
