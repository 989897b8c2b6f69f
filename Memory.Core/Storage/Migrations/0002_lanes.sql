-- One owner's queue: it numbers the episodes and is leased to one worker at a time.
create table lanes (
    project_id  uuid        not null references projects (id),
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    next_seq    bigint      not null default 1,
    applied_seq bigint      not null default 0,
    pending     bigint      generated always as (next_seq - 1 - applied_seq) stored,
    ready_at    timestamptz not null default now(),
    lease_until timestamptz,
    epoch       bigint      not null default 0,
    attempts    integer     not null default 0,
    -- Every applied write bumps it: a cache is valid for exactly one version.
    version     bigint      not null default 0,
    primary key (project_id, owner_kind, owner_id),
    check (applied_seq < next_seq)
) with (fillfactor = 70);

create index lanes_ready on lanes (ready_at) where pending > 0;

alter table lanes enable row level security;
alter table lanes force  row level security;

create policy project_isolation on lanes to memory_api
    using (project_id = (select current_setting('app.project')::uuid));
-- Lanes are claimed across projects: the worker serves all of them.
create policy claim_across_projects on lanes to memory_worker using (true);

grant select, insert, update on lanes to memory_api, memory_worker;
