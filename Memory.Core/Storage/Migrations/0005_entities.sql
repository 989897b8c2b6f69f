-- Who and what the memories speak of, and how they are related.
create table entities (
    project_id uuid        not null,
    owner_kind owner_kind  not null,
    owner_id   text        not null,
    id         uuid        not null,
    kind       text        not null check (kind in ('person', 'place', 'organization', 'project', 'thing')),
    name       text        not null,
    -- Lower case, white space folded: what names are compared by.
    name_key   text        not null,
    aliases    text[]      not null default '{}',
    created_at timestamptz not null default now(),
    primary key (project_id, owner_kind, owner_id, id),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
);
create unique index entities_once on entities (project_id, owner_kind, owner_id, name_key);

create table memory_entities (
    project_id uuid       not null,
    owner_kind owner_kind not null,
    owner_id   text       not null,
    memory_id  uuid       not null,
    entity_id  uuid       not null,
    primary key (project_id, owner_kind, owner_id, entity_id, memory_id),
    foreign key (project_id, owner_kind, owner_id, memory_id) references memories (project_id, owner_kind, owner_id, id) on delete cascade,
    foreign key (project_id, owner_kind, owner_id, entity_id) references entities (project_id, owner_kind, owner_id, id) on delete cascade
);

create table relations (
    project_id uuid        not null,
    owner_kind owner_kind  not null,
    owner_id   text        not null,
    id         uuid        not null,
    -- null: the owner itself ("user").
    subject_id uuid,
    predicate  text        not null,
    object_id  uuid        not null,
    memory_id  uuid        not null,
    confidence real        not null check (confidence between 0 and 1),
    valid_from timestamptz,
    valid_to   timestamptz,
    known_from timestamptz not null default now(),
    known_to   timestamptz,
    primary key (project_id, owner_kind, owner_id, id),
    foreign key (project_id, owner_kind, owner_id, subject_id) references entities (project_id, owner_kind, owner_id, id) on delete cascade,
    foreign key (project_id, owner_kind, owner_id, object_id) references entities (project_id, owner_kind, owner_id, id) on delete cascade,
    foreign key (project_id, owner_kind, owner_id, memory_id) references memories (project_id, owner_kind, owner_id, id) on delete cascade
);
create unique index relations_once on relations (project_id, owner_kind, owner_id, subject_id, predicate, object_id)
    nulls not distinct where known_to is null;

alter table entities        enable row level security;
alter table entities        force  row level security;
alter table memory_entities enable row level security;
alter table memory_entities force  row level security;
alter table relations       enable row level security;
alter table relations       force  row level security;

create policy project_isolation on entities        using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on memory_entities using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on relations       using (project_id = (select current_setting('app.project')::uuid));

grant select, insert, update on entities, memory_entities, relations to memory_api, memory_worker;
