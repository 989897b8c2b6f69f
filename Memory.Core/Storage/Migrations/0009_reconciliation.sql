-- Reconciliation that can be trusted: evidence, conflicts that can be named, forgetting for good, tending in idle time, and
-- a journal that an owner's memory can be rebuilt from.

alter table memories
    add column stage text check (stage in ('mentioned', 'explored', 'applied', 'dropped'));

alter table memory_versions
    add column stage         text,
    -- Its last day: whether it was over is asked for any day.
    add column expires_on    date,
    -- When its newest source was said: what was true is asked for by this or by valid_from, whichever is earlier.
    add column said_at       timestamptz,
    -- The memory that says it now: the same one after an update; null: none does, or this version still holds.
    add column superseded_by uuid,
    -- A source that says it once more is evidence, not a version: what decided is named too, where it is another than what distilled.
    add column decided_by    text;
alter table memories        no force row level security;
alter table memory_versions no force row level security;
update memory_versions v
   set expires_on = m.expires_on
  from memories m
 where v.project_id = m.project_id and v.owner_kind = m.owner_kind and v.owner_id = m.owner_id
   and v.memory_id = m.id and v.version = m.version and m.expires_on is not null;
alter table memories        force row level security;
update memory_versions v
   set said_at = least(known_from, valid_from),
       superseded_by = case when known_to is not null
                             and exists (select from memory_versions n
                                          where n.project_id = v.project_id and n.owner_kind = v.owner_kind and n.owner_id = v.owner_id
                                            and n.memory_id = v.memory_id and n.version = v.version + 1 and n.change = 'UPDATE')
                            then memory_id end;
alter table memory_versions force row level security;
alter table memory_versions alter column said_at set default now(), alter column said_at set not null;

alter table conflicts
    add column id          uuid not null default gen_random_uuid(),
    add column event_id    uuid,
    add column resolved_by text,
    add column resolved_event uuid;
create index conflicts_by_id on conflicts (project_id, id);
create index conflicts_open on conflicts (project_id, owner_kind, owner_id, opened_at) where resolved_at is null;

-- What was said once more, or against, and how sure that left the memory.
create table memory_evidence (
    project_id  uuid        not null,
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    memory_id   uuid        not null,
    id          uuid        not null default gen_random_uuid(),
    kind        text        not null check (kind in ('restated', 'contradicted')),
    source      text        not null,
    source_seqs bigint[]    not null default '{}',
    event_id    uuid        not null,
    said_at     timestamptz not null,
    known_from  timestamptz not null default now(),
    before      real        not null,
    after       real        not null,
    primary key (project_id, owner_kind, owner_id, memory_id, id),
    foreign key (project_id, owner_kind, owner_id, memory_id) references memories (project_id, owner_kind, owner_id, id) on delete cascade
);

-- Every operation that changed an owner's memory, in order, as data: replayed, it gives the same memory again. The payload is
-- JSON and opaque here, so that it can be encrypted.
create table journal (
    project_id  uuid        not null,
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    ordinal     bigint      not null,
    event_id    uuid        not null,
    memories    uuid[]      not null,
    applied_at  timestamptz not null default now(),
    actor       text        not null,
    model       text        not null,
    prompt_hash text,
    decided_by  text,
    payload     bytea       not null,
    primary key (project_id, owner_kind, owner_id, ordinal),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
);

-- What a person wanted forgotten is not learned again from what others say. A mark is a hash: a rule does not tell what it forbids.
create table forget_rules (
    project_id   uuid        not null,
    owner_kind   owner_kind  not null,
    owner_id     text        not null,
    id           uuid        not null,
    kind         text        not null check (kind in ('attribute', 'entity', 'content')),
    mark         bytea       not null check (octet_length(mark) = 32),
    forgotten_at timestamptz not null,
    primary key (project_id, owner_kind, owner_id, id),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
);

-- How far each conversation is summarised. It is kept by whoever applies batches, so that an append does not pay for it.
create table conversations (
    project_id     uuid        not null,
    owner_kind     owner_kind  not null,
    owner_id       text        not null,
    run_id         text        not null,
    last_seq       bigint      not null,
    last_at        timestamptz not null,
    summarized_seq bigint      not null default 0,
    summary_id     uuid,
    primary key (project_id, owner_kind, owner_id, run_id),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
);
create index conversations_unsummarized on conversations (project_id, owner_kind, owner_id, last_at) where last_seq > summarized_seq;

-- Other names of the same, as said and as compared.
alter table entities add column alias_keys text[] not null default '{}';

-- When an idle owner's memory is next tidied; null: nothing has changed since.
alter table lanes add column tend_at timestamptz;
create index lanes_tend on lanes (tend_at) where tend_at is not null;

-- How much each of its messages mattered, and why.
alter table events add column importance jsonb not null default '[]';

-- Pairs of memories that were compared in idle time: what has not changed since is not compared again.
create table judged_pairs (
    project_id uuid        not null,
    owner_kind owner_kind  not null,
    owner_id   text        not null,
    memory_a   uuid        not null,
    memory_b   uuid        not null,
    version_a  integer     not null,
    version_b  integer     not null,
    -- Whoever undoes that means it.
    merged     boolean     not null,
    judged_at  timestamptz not null default now(),
    primary key (project_id, owner_kind, owner_id, memory_a, memory_b),
    foreign key (project_id, owner_kind, owner_id, memory_a) references memories (project_id, owner_kind, owner_id, id) on delete cascade,
    foreign key (project_id, owner_kind, owner_id, memory_b) references memories (project_id, owner_kind, owner_id, id) on delete cascade,
    check (memory_a < memory_b)
);

-- What a project asks of distilling: custom instructions, includes, excludes, categories, a prompt of its own.
alter table projects add column distilling jsonb not null default '{}';

-- A memory that was rebuilt beside the old one takes its place by becoming its owner's, in one transaction.
do $$
declare
    f record;
begin
    for f in select conname, conrelid::regclass as on_table, pg_get_constraintdef(oid) as def
               from pg_constraint
              where contype = 'f' and conparentid = 0
                and confrelid in ('memories'::regclass, 'memory_versions'::regclass, 'entities'::regclass)
    loop
        execute format('alter table %s drop constraint %I', f.on_table, f.conname);
        execute format('alter table %s add constraint %I %s on update cascade deferrable initially immediate', f.on_table, f.conname, f.def);
    end loop;
end
$$;

alter table memory_evidence enable row level security;
alter table memory_evidence force  row level security;
alter table journal         enable row level security;
alter table journal         force  row level security;
alter table forget_rules    enable row level security;
alter table forget_rules    force  row level security;
alter table conversations   enable row level security;
alter table conversations   force  row level security;
alter table judged_pairs    enable row level security;
alter table judged_pairs    force  row level security;

create policy project_isolation on memory_evidence using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on journal         using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on forget_rules    using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on conversations   using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on judged_pairs    using (project_id = (select current_setting('app.project')::uuid));

grant select, insert                 on memory_evidence to memory_api, memory_worker;
grant select, insert, update, delete on journal         to memory_api, memory_worker;
grant select, insert, delete         on forget_rules    to memory_api, memory_worker;
grant select, insert, update, delete on conversations   to memory_api, memory_worker;
grant select, insert, update         on judged_pairs    to memory_worker;

-- Forgetting leaves nothing behind: rows go, and words of what was said are taken out. Nothing else of an episode may change.
grant delete on memories, memory_vectors, entities, memory_entities, relations to memory_api, memory_worker;
grant update (content, words, metadata, redacted_at) on episodes to memory_api, memory_worker;
grant select, delete on plans        to memory_api;
-- Only one that nothing refers to can go: what a rebuild was made in.
grant delete on lanes to memory_worker;
grant update (distilling) on projects to memory_api;
