-- What is sent to others, and what others say of memories.

-- Whom a project tells of changes of its memories. Nothing of a person is in it.
create table webhooks (
    project_id  uuid        not null references projects (id),
    id          uuid        not null,
    name        text        not null,
    url         text        not null,
    kinds       text[]      not null check (cardinality(kinds) > 0),
    -- Deliveries are signed with it, so it has to be readable: by the worker alone.
    secret      text        not null check (length(secret) >= 16),
    is_active   boolean     not null default true,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    primary key (project_id, id)
);

-- What is still to be told, written by the transaction that changed the memory. It names the version and holds no word of it:
-- what is forgotten before it is told is never told. Delivered rows go.
create table webhook_deliveries (
    project_id uuid        not null,
    owner_kind owner_kind  not null,
    owner_id   text        not null,
    id         uuid        not null default gen_random_uuid(),
    webhook_id uuid        not null,
    kind       text        not null check (kind in ('added', 'changed', 'closed', 'categorized')),
    memory_id  uuid        not null,
    -- Null: the memory was forgotten, and there is no text of it to tell.
    version    integer,
    event_id   uuid        not null,
    created_at timestamptz not null default now(),
    ready_at   timestamptz not null default now(),
    lease_until timestamptz,
    attempts   integer     not null default 0,
    -- What went wrong last, and when; after failed_at it is not tried again.
    error      text,
    error_at   timestamptz,
    failed_at  timestamptz,
    primary key (project_id, owner_kind, owner_id, id),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id),
    foreign key (project_id, webhook_id) references webhooks (project_id, id) on delete cascade
) with (fillfactor = 70);

-- A claim goes from webhook to webhook, however much waits for one.
create index webhook_deliveries_ready on webhook_deliveries (project_id, webhook_id, ready_at) where failed_at is null;
create index webhook_deliveries_leased on webhook_deliveries (project_id, webhook_id, lease_until) where lease_until is not null;
create index webhook_deliveries_of on webhook_deliveries (project_id, webhook_id, failed_at);
create index webhook_deliveries_errors on webhook_deliveries (project_id, webhook_id, error_at) where error_at is not null;
create index webhook_deliveries_failed on webhook_deliveries (failed_at) where failed_at is not null;

-- A standing judgement of a memory is evidence as well: one of each key, until it gives another or takes it back.
alter table memory_evidence
    drop constraint memory_evidence_kind_check,
    add constraint memory_evidence_kind_check check (kind in ('restated', 'contradicted', 'feedback')),
    add column actor        text,
    add column feedback     text check (feedback in ('confirms', 'doubts', 'denies')),
    -- What was judged is what the memory said then: of another version nothing is taken back.
    add column version      integer,
    add column note         text,
    add column withdrawn_at timestamptz,
    add constraint memory_evidence_judged check ((kind = 'feedback') = (feedback is not null) and (kind = 'feedback') = (actor is not null) and (kind = 'feedback') = (version is not null));

-- Questions to be answered when they are fetched; no answer is kept. They name people, so they are an owner's: the first one named.
create table memory_exports (
    project_id   uuid        not null references projects (id),
    owner_kind   owner_kind  not null,
    owner_id     text        not null,
    id           uuid        not null,
    schema       jsonb,
    filters      jsonb       not null,
    instructions text,
    actor        text        not null,
    created_at   timestamptz not null default now(),
    primary key (project_id, owner_kind, owner_id, id)
);
create index memory_exports_by_id on memory_exports (project_id, id);
create index memory_exports_newest on memory_exports (project_id, created_at desc, id desc);
create index memory_exports_age on memory_exports (created_at);

alter table webhooks           enable row level security;
alter table webhooks           force  row level security;
alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force  row level security;
alter table memory_exports     enable row level security;
alter table memory_exports     force  row level security;

create policy project_isolation on webhooks           to memory_api using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on webhook_deliveries to memory_api using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on memory_exports     to memory_api using (project_id = (select current_setting('app.project')::uuid));
-- Deliveries are claimed across projects: the worker sends all of them, where their webhooks are switched on.
create policy claim_across_projects on webhook_deliveries to memory_worker using (true);
create policy claim_across_projects on webhooks to memory_worker using (true);
create policy sweep_across_projects on memory_exports to memory_worker using (true);

grant select (project_id, id, name, url, kinds, is_active, created_at, updated_at), insert, update, delete on webhooks to memory_api;
grant select                         on webhooks           to memory_worker;
grant select, insert                 on webhook_deliveries to memory_api;
grant select, insert, update, delete on webhook_deliveries to memory_worker;
grant update (withdrawn_at, note)    on memory_evidence    to memory_api, memory_worker;
grant select, insert, delete         on memory_exports     to memory_api;
grant select (project_id, owner_kind, owner_id, id, created_at), delete on memory_exports to memory_worker;
