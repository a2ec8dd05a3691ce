"""A database engine: Django's PostgreSQL with a fallback for servers built without ICU."""
