//! The shape of a database's schema as text, in words that are the same for both engines.

use fengqiao_store::{Db, Engine, on};

/// One line per column (`table.column type not-null key-place`) and per index, sorted. The same migrations must give the
/// same lines on both engines. Tables of the migration tool are left out.
pub async fn schema_summary(db: &Db) -> Vec<String> {
    const SQLITE: &str = "
        SELECT t.name || '.' || c.name || ' '
            || CASE c.type WHEN 'INTEGER' THEN 'integer' WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytes' ELSE c.type END
            || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE ' null' END
            || CASE c.pk WHEN 0 THEN '' ELSE ' key ' || c.pk END
        FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c
        WHERE t.type = 'table' AND t.name NOT IN ('_sqlx_migrations', 'sqlite_sequence')
        UNION ALL
        SELECT 'index ' || t.name || '.' || i.name || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END || ' ('
            || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
        FROM sqlite_schema t JOIN pragma_index_list(t.name) i
        WHERE t.type = 'table' AND t.name <> '_sqlx_migrations' AND i.origin = 'c'";
    const POSTGRES: &str = "
        SELECT t.relname || '.' || a.attname || ' '
            || CASE format_type(a.atttypid, NULL) WHEN 'bigint' THEN 'integer' WHEN 'text' THEN 'text'
                WHEN 'bytea' THEN 'bytes' ELSE format_type(a.atttypid, NULL) END
            || CASE WHEN a.attnotnull THEN ' not null' ELSE ' null' END
            || COALESCE(' key ' || array_position(k.indkey::int2[], a.attnum) + CASE WHEN array_lower(k.indkey::int2[], 1) = 0 THEN 1 ELSE 0 END, '')
            || CASE WHEN a.attcollation <> 0 AND a.attcollation <> (SELECT oid FROM pg_collation WHERE collname = 'C')
                THEN ' not collated as C' ELSE '' END
        FROM pg_class t
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary
        WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname <> '_sqlx_migrations'
        UNION ALL
        SELECT 'index ' || t.relname || '.' || i.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END || ' ('
            || (SELECT string_agg(pg_get_indexdef(x.indexrelid, n, true), ', ' ORDER BY n)
                FROM generate_series(1, x.indnkeyatts) n) || ')'
        FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE t.relnamespace = current_schema()::regnamespace AND t.relname <> '_sqlx_migrations' AND NOT x.indisprimary";
    let sql = match db.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let mut lines: Vec<String> =
        on!(read db, c => sqlx::query_scalar(sql).fetch_all(c).await).expect("the catalogue can be read");
    lines.sort();
    lines
}
