/**
 * Facts of the tables `$1` (`schema.name`, or `name` in any schema of the search path), one JSON document for each, from
 * catalogs that every role may read. PostgreSQL 12 to 18. Partitioned tables count the rows of their partitions. Scans count
 * since the later of two resets: a crash resets both, and one of the database alone is not always dated. A replica counts its
 * own scans only. Not every type can be sorted, and no index holds a virtual column. Who builds an index CONCURRENTLY holds a lock on its table meanwhile.
 */
export const FACTS_QUERY = `
SELECT json_build_object(
  'schema', n.nspname,
  'name', c.relname,
  'isPartitioned', c.relkind = 'p',
  'rows', (SELECT coalesce(sum(greatest(leaf.reltuples, 0)), 0) FROM pg_class leaf WHERE leaf.oid = ANY (parts.oids)),
  'bytes', (SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM unnest(parts.oids) oid),
  'isAnalyzed', EXISTS (SELECT 1 FROM pg_stats s JOIN pg_class leaf ON leaf.relname = s.tablename
    JOIN pg_namespace ln ON ln.oid = leaf.relnamespace AND ln.nspname = s.schemaname WHERE leaf.oid = ANY (parts.oids)),
  'writes', (SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_all_tables t WHERE t.relid = ANY (parts.oids)),
  'columns', (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'category', t.typcategory, 'typeName', b.typname, 'isSortable', a.attgenerated <> 'v' AND (b.typtype IN ('e', 'r', 'm', 'c') OR EXISTS (
        SELECT 1 FROM pg_opclass o JOIN pg_am am ON am.oid = o.opcmethod WHERE am.amname = 'btree' AND o.opcdefault
          AND (o.opcintype = b.oid OR EXISTS (SELECT 1 FROM pg_cast k WHERE k.castsource = b.oid
            AND k.casttarget = o.opcintype AND k.castmethod = 'b' AND k.castcontext = 'i')))),
      'width', (SELECT max(s.avg_width) FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname)) ORDER BY a.attnum), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid) WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'foreignKeys', (SELECT coalesce(json_agg(json_build_object('references', json_build_object('schema', fn.nspname, 'name', fc.relname),
      'columns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum)) ORDER BY f.conname), '[]')
    FROM pg_constraint f JOIN pg_class fc ON fc.oid = f.confrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
    WHERE f.conrelid = c.oid AND f.contype = 'f'),
  'scansSince', (SELECT extract(epoch FROM greatest(d.stats_reset, w.stats_reset)) * 1000
    FROM pg_stat_database d, pg_stat_bgwriter w WHERE d.datname = current_database() AND NOT pg_is_in_recovery()),
  'indexes', (SELECT coalesce(json_agg(json_build_object('name', ic.relname, 'method', am.amname,
      'columns', (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0 WHERE k.n <= i.indnkeyatts),
      'include', (SELECT coalesce(json_agg(a.attname ORDER BY k.n), '[]') FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts),
      'keys', (SELECT json_agg(concat_ws(' ', pg_get_indexdef(i.indexrelid, n, true), i.indclass[n - 1], i.indcollation[n - 1], i.indoption[n - 1]) ORDER BY n)
        FROM generate_series(1, i.indnkeyatts) n),
      'isUnique', i.indisunique, 'isPrimary', i.indisprimary, 'isValid', i.indisvalid,
      'isBroken', NOT i.indisvalid AND ic.relkind = 'i' AND NOT EXISTS (SELECT 1 FROM pg_locks l
        WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock'
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())),
      'isConstraint', i.indisreplident OR i.indisclustered OR ic.relispartition OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid),
      'definition', regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX .*? ON ', ''),
      'predicate', pg_get_expr(i.indpred, i.indrelid),
      'bytes', pg_relation_size(i.indexrelid), 'scans', st.idx_scan) ORDER BY ic.relname), '[]')
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
    LEFT JOIN pg_stat_all_indexes st ON st.indexrelid = i.indexrelid WHERE i.indrelid = c.oid)
) AS facts
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT array_agg(p.oid) AS oids FROM (
  SELECT c.oid WHERE c.relkind <> 'p' UNION SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) p(oid)) parts
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND (n.nspname || '.' || c.relname = ANY ($1::text[]) OR (c.relname = ANY ($1::text[]) AND pg_table_is_visible(c.oid)))`;

/** For those of the tables `$1` (`schema.name`) that are partitions: the table they are a part of. */
export const PARTITIONS_QUERY = `
SELECT n.nspname || '.' || c.relname AS part, rn.nspname AS schema, rc.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class rc ON rc.oid = pg_partition_root(c.oid) JOIN pg_namespace rn ON rn.oid = rc.relnamespace
WHERE c.relispartition AND n.nspname || '.' || c.relname = ANY ($1::text[])`;

/** The partitions that hold rows of the table `$1` (an oid by name), and can be indexed: those of other servers cannot. */
export const LEAVES_QUERY = `
SELECT n.nspname AS schema, c.relname AS name
FROM pg_partition_tree($1::regclass) t JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm')`;
