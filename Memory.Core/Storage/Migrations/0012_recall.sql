-- How often a memory was recalled, and when last. Apart from the memories: it is written for every recall, beside the lane, and
-- is no part of what is remembered.
create table memory_use (
    project_id uuid        not null,
    owner_kind owner_kind  not null,
    owner_id   text        not null,
    memory_id  uuid        not null,
    recalls    bigint      not null check (recalls > 0),
    last_at    timestamptz not null,
    -- When this row was last written, by the database's clock: what a cache has not seen yet.
    noted_at   timestamptz not null default clock_timestamp(),
    primary key (project_id, owner_kind, owner_id, memory_id),
    foreign key (project_id, owner_kind, owner_id, memory_id) references memories (project_id, owner_kind, owner_id, id)
        on update cascade on delete cascade deferrable initially immediate
) with (fillfactor = 70);
create index memory_use_noted on memory_use (project_id, owner_kind, owner_id, noted_at);

alter table memory_use enable row level security;
alter table memory_use force  row level security;
create policy project_isolation on memory_use using (project_id = (select current_setting('app.project')::uuid));
grant select, insert, update on memory_use to memory_api;
grant select, insert         on memory_use to memory_worker;

alter table memories drop column recall_count, drop column last_recalled_at;

-- Which memories a turn gave.
create index memory_versions_sources on memory_versions using gin (project_id, owner_kind, owner_id, source_seqs);
create index memory_evidence_sources on memory_evidence using gin (project_id, owner_kind, owner_id, source_seqs);

-- Under row level security an index serves only what cannot tell of rows that a policy hides. These two compare what they are given
-- and raise nothing of it; Postgres does not say so by itself. Who may not say it either (not a superuser) searches by scanning the owner's rows.
do $$
begin
    alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof;
    alter function pg_catalog.arrayoverlap(anyarray, anyarray) leakproof;
exception
    when insufficient_privilege then
        raise notice 'full text is searched without its index: marking ts_match_vq and arrayoverlap leakproof takes a superuser';
end
$$;
