-- What was distilled. memories holds the current state of each memory, memory_versions everything ever believed of it,
-- on two clocks: valid_* says when it was true, known_* when we learned and unlearned it.
create table memories (
    project_id       uuid        not null,
    owner_kind       owner_kind  not null,
    owner_id         text        not null,
    id               uuid        not null,
    collection       text        not null default 'memories',
    version          integer     not null check (version > 0),
    status           text        not null check (status in ('active', 'closed')),
    kind             text        not null check (kind in
        ('profile', 'preference', 'goal', 'progress', 'open_loop', 'relationship', 'event', 'instruction', 'summary', 'fact')),
    -- What a single-valued fact is about ("home", "favourite colour"): a newer value supersedes.
    attribute        text,
    content          text        not null,
    content_hash     bytea       not null,
    words            tsvector    not null,
    importance       real        not null check (importance between 0 and 1),
    confidence       real        not null check (confidence between 0 and 1),
    trusted          boolean     not null,
    categories       text[]      not null default '{}',
    metadata         jsonb,
    agent_ids        text[]      not null default '{}',
    app_ids          text[]      not null default '{}',
    run_ids          text[]      not null default '{}',
    valid_from       timestamptz,
    valid_to         timestamptz,
    expires_on       date,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    recall_count     integer     not null default 0,
    last_recalled_at timestamptz,
    superseded_by    uuid,
    primary key (project_id, owner_kind, owner_id, id),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id),
    foreign key (project_id, collection) references collections (project_id, name)
);

-- Exact duplicates are impossible, whoever writes them.
create unique index memories_once on memories (project_id, owner_kind, owner_id, collection, content_hash) where status = 'active';
create index memories_by_id on memories (project_id, id);
create index memories_attribute on memories (project_id, owner_kind, owner_id, collection, attribute) where status = 'active' and attribute is not null;
create index memories_newest on memories (project_id, owner_kind, owner_id, created_at desc, id desc);
create index memories_words on memories using gin (project_id, owner_kind, owner_id, words);

create table memory_versions (
    project_id    uuid        not null,
    owner_kind    owner_kind  not null,
    owner_id      text        not null,
    memory_id     uuid        not null,
    version       integer     not null check (version > 0),
    change        text        not null check (change in ('ADD', 'UPDATE', 'DELETE')),
    kind          text        not null,
    attribute     text,
    content       text        not null,
    importance    real        not null,
    confidence    real        not null,
    trusted       boolean     not null,
    reason        text        not null,
    valid_from    timestamptz,
    valid_to      timestamptz,
    known_from    timestamptz not null,
    known_to      timestamptz,
    -- Provenance: who said it, in which episodes, and what distilled it.
    source        text        not null check (source in ('user', 'assistant', 'tool', 'document', 'import', 'api')),
    source_seqs   bigint[]    not null default '{}',
    event_id      uuid,
    actor         text        not null,
    model         text        not null,
    prompt_hash   text,
    primary key (project_id, owner_kind, owner_id, memory_id, version),
    foreign key (project_id, owner_kind, owner_id, memory_id) references memories (project_id, owner_kind, owner_id, id) on delete cascade,
    check (known_to is null or known_to >= known_from)
);

-- Narrow on purpose: a search reads one owner's vectors end to end, so nothing else may stand between them.
create table memory_vectors (
    project_id uuid       not null,
    owner_kind owner_kind not null,
    owner_id   text       not null,
    memory_id  uuid       not null,
    version    integer    not null,
    current    boolean    not null,
    model      text       not null,
    embedding  halfvec    not null,
    primary key (project_id, owner_kind, owner_id, memory_id, version),
    foreign key (project_id, owner_kind, owner_id, memory_id, version)
        references memory_versions (project_id, owner_kind, owner_id, memory_id, version) on delete cascade
);
-- TOAST would cost ten times the scan: see docs/decisions/0003.
alter table memory_vectors alter column embedding set storage plain;

create table conflicts (
    project_id  uuid        not null,
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    memory_a    uuid        not null,
    memory_b    uuid        not null,
    opened_at   timestamptz not null default now(),
    resolved_at timestamptz,
    resolution  text        check (resolution in ('keep_a', 'keep_b', 'both_true')),
    primary key (project_id, owner_kind, owner_id, memory_a, memory_b),
    foreign key (project_id, owner_kind, owner_id, memory_a) references memories (project_id, owner_kind, owner_id, id) on delete cascade,
    foreign key (project_id, owner_kind, owner_id, memory_b) references memories (project_id, owner_kind, owner_id, id) on delete cascade,
    check (memory_a < memory_b),
    check ((resolved_at is null) = (resolution is null))
);

alter table memories        enable row level security;
alter table memories        force  row level security;
alter table memory_versions enable row level security;
alter table memory_versions force  row level security;
alter table memory_vectors  enable row level security;
alter table memory_vectors  force  row level security;
alter table conflicts       enable row level security;
alter table conflicts       force  row level security;

create policy project_isolation on memories        using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on memory_versions using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on memory_vectors  using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on conflicts       using (project_id = (select current_setting('app.project')::uuid));

grant select, insert, update on memories, memory_versions, memory_vectors, conflicts to memory_api, memory_worker;
