-- Search among very many vectors of one owner: their signs first, then the nearest of those by the vectors themselves.

-- One bit a dimension of the rotated vector, computed where vectors are written; null in rows from before.
alter table memory_vectors add column signs bit varying;
-- A row is as long as its vector, so whatever may move would be moved out of it: a long id or model name cost a look-up a row.
alter table memory_vectors
    alter column signs    set storage plain,
    alter column owner_id set storage plain,
    alter column model    set storage plain;

-- All that the first pass reads, in owner order however the rows lie: a tenth of what the vectors take.
create index memory_vectors_signs on memory_vectors (project_id, owner_kind, owner_id) include (memory_id, version, model, signs) where current;
create index memory_vectors_unsigned on memory_vectors (project_id, owner_kind, owner_id) where current and signs is null;
-- An index answers alone only about pages that were vacuumed since they were written, and here rows are only ever added.
alter table memory_vectors set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 5000);

-- What expired is still active, and its vector current: few are, and a search takes that many more to leave them out.
create index memories_expiring on memories (project_id, owner_kind, owner_id, expires_on) include (id) where status = 'active' and expires_on is not null;
