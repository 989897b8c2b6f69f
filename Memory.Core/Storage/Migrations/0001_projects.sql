-- Tenants and their keys. The roles memory_api, memory_worker and memory_auditor exist before the first migration runs.
create extension if not exists vector;
create extension if not exists btree_gin;

create domain owner_kind as text check (value in ('user', 'agent', 'app', 'run'));

create table organizations (
    id         uuid        primary key,
    name       text        not null,
    created_at timestamptz not null default now()
);

create table projects (
    id              uuid        primary key,
    organization_id uuid        not null references organizations (id),
    name            text        not null,
    created_at      timestamptz not null default now()
);

create table api_keys (
    project_id   uuid        not null references projects (id),
    id           uuid        not null,
    label        text        not null,
    prefix       text        not null,
    hash         bytea       not null,
    scopes       text[]      not null,
    subject_kind owner_kind,
    subject_id   text,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    primary key (project_id, id),
    check ((subject_kind is null) = (subject_id is null)),
    check (octet_length(hash) = 32)
);

-- The one unique key without a project: a key is looked up before its project is known, and 256 random bits do not collide.
create unique index api_keys_hash on api_keys (hash);

-- One vector space and one language a collection: vectors of two models are never compared.
create table collections (
    project_id uuid     not null references projects (id),
    name       text     not null,
    language   regconfig not null default 'english',
    model      text     not null,
    dimensions integer  not null check (dimensions > 0),
    primary key (project_id, name)
);

alter table projects    enable row level security;
alter table projects    force  row level security;
alter table api_keys    enable row level security;
alter table api_keys    force  row level security;
alter table collections enable row level security;
alter table collections force  row level security;

create policy project_isolation on projects
    using (id = (select current_setting('app.project')::uuid));
create policy project_isolation on collections
    using (project_id = (select current_setting('app.project')::uuid));
-- A key must be found before its project is known: reading is open to the API's role, writing is bound to the project.
create policy key_lookup on api_keys for select to memory_api using (true);
create policy project_isolation_update on api_keys for update to memory_api
    using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation_insert on api_keys for insert to memory_api
    with check (project_id = (select current_setting('app.project')::uuid));

grant select                 on projects    to memory_api, memory_worker;
grant select, insert, update on api_keys    to memory_api;
grant select, insert         on collections to memory_api, memory_worker;
