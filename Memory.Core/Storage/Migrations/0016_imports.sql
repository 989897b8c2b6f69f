-- What people say now is distilled before what was imported.

alter table lanes
    -- Everything that waits came with an import.
    add column is_import boolean not null default false;

-- Beside lanes_ready, so that a person's turn is found however many imported lanes have waited longer.
create index lanes_live on lanes (ready_at) where not is_import and (waiting_since is not null or replays > 0);
