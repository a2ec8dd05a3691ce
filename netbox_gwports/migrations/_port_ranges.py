"""The SQL function behind the generated columns; the initial migration runs it first."""

__all__ = ('BACKWARD', 'FORWARD')

# Port specs to one multirange of protocol number * 65536 + port, for the generated columns. It must come before
# them, and it names only pg_catalog objects, because a dump is restored with an empty search_path.
FORWARD = """
CREATE FUNCTION netbox_gwports_port_ranges(specs varchar[]) RETURNS int4multirange
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(
        pg_catalog.range_agg(pg_catalog.int4range(n * 65536 + low, n * 65536 + high, '[]')),
        '{}'::pg_catalog.int4multirange
    )
    FROM (
        SELECT
            CASE split_part(spec, '/', 1)
                WHEN 'tcp' THEN 6 WHEN 'udp' THEN 17 WHEN 'sctp' THEN 132
                WHEN 'icmp' THEN 1 WHEN 'gre' THEN 47 WHEN 'esp' THEN 50 WHEN 'ah' THEN 51 WHEN 'icmpv6' THEN 58
                ELSE split_part(spec, '/', 2)::int
            END AS n,
            CASE
                WHEN spec !~ '^(tcp|udp|sctp)/' THEN 0
                WHEN spec ~ '/any$' THEN 1
                ELSE split_part(split_part(spec, '/', 2), '-', 1)::int
            END AS low,
            CASE
                WHEN spec !~ '^(tcp|udp|sctp)/' THEN 0
                WHEN spec ~ '/any$' THEN 65535
                WHEN spec ~ '-' THEN split_part(spec, '-', 2)::int
                ELSE split_part(spec, '/', 2)::int
            END AS high
        FROM unnest(specs) AS spec
        -- A spec that passed no validator meets nothing, rather than failing every write of the row
        WHERE spec ~ '^((tcp|udp|sctp)/(any|[0-9]{1,5}(-[0-9]{1,5})?)|icmp|icmpv6|gre|esp|ah|ip/[0-9]{1,3})$'
    ) AS parts
    WHERE low <= high
$$;
"""

BACKWARD = 'DROP FUNCTION netbox_gwports_port_ranges(varchar[])'
