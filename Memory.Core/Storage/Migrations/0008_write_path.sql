-- Nothing lost, nothing twice, in order: idempotency keys, plan checkpoints, dead letters, and what a change feed needs.

alter table lanes
    -- When the oldest message that is not applied yet was recorded; null: none waits.
    add column waiting_since timestamptz,
    -- While a batch that failed for good is narrowed down: at most so many messages a batch, up to and with that number.
    add column batch_limit   integer check (batch_limit > 0),
    add column suspect_until bigint,
    -- Dead letters that were asked to be tried again.
    add column replays       integer not null default 0 check (replays >= 0),
    add check ((batch_limit is null) = (suspect_until is null));
-- Row level security binds the owner of the tables too, and what is brought up to date here is everybody's.
alter table lanes no force row level security;
update lanes set waiting_since = ready_at where pending > 0;
alter table lanes force row level security;
alter table lanes add constraint lanes_wait_check check ((waiting_since is null) = (pending = 0));

-- By a column that an append to a lane that waits already leaves as it is: then no index is touched at all.
drop index lanes_ready;
create index lanes_ready on lanes (ready_at) where waiting_since is not null or replays > 0;

-- A key is its caller's, whomever it writes for: used again for somebody else it is a mistake to be told of, so it names no
-- owner; the event that was answered does. While the first request of a key runs, it holds an advisory lock until its transaction ends.
create table idempotency_keys (
    project_id   uuid        not null references projects (id),
    principal    text        not null,
    key          text        not null,
    request_hash bytea       not null check (octet_length(request_hash) = 32),
    event_id     uuid        not null,
    created_at   timestamptz not null default now(),
    primary key (project_id, principal, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- What a model was paid for, until its batch is applied. The payload is JSON and opaque here, so that it can be encrypted.
create table plans (
    project_id  uuid        not null,
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    first_seq   bigint      not null,
    last_seq    bigint      not null,
    model       text        not null,
    prompt_hash text        not null,
    payload     bytea       not null,
    saved_at    timestamptz not null default now(),
    primary key (project_id, owner_kind, owner_id, first_seq, last_seq, model, prompt_hash),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id),
    check (first_seq <= last_seq)
);

-- A message that could not be distilled, and all it takes to try again; the lane went on without it.
create table dead_letters (
    project_id  uuid        not null,
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    seq         bigint      not null,
    event_id    uuid        not null,
    payload     bytea       not null,
    reason      text        not null,
    attempts    integer     not null,
    died_at     timestamptz not null default now(),
    -- Set while it waits to be tried again.
    replay_at   timestamptz,
    primary key (project_id, owner_kind, owner_id, seq),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
);
create index dead_letters_event on dead_letters (project_id, owner_kind, owner_id, event_id);

-- The transaction that last changed an event: a reader that goes up to the oldest running one misses none, and sees each once.
alter table events add column changed xid8 not null default pg_current_xact_id();
create index events_changed on events (project_id, owner_kind, owner_id, changed);

-- By this what a prompt quoted is recognised when it comes back as a message.
alter table memory_versions add column content_hash bytea;
alter table memories        no force row level security;
alter table memory_versions no force row level security;
update memory_versions v
   set content_hash = m.content_hash
  from memories m
 where v.project_id = m.project_id and v.owner_kind = m.owner_kind and v.owner_id = m.owner_id
   and v.memory_id = m.id and v.version = m.version;
alter table memories        force row level security;
alter table memory_versions force row level security;
create index memory_versions_content on memory_versions (project_id, owner_kind, owner_id, content_hash);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force  row level security;
alter table plans            enable row level security;
alter table plans            force  row level security;
alter table dead_letters     enable row level security;
alter table dead_letters     force  row level security;

create policy project_isolation on idempotency_keys to memory_api using (project_id = (select current_setting('app.project')::uuid));
create policy sweep_across_projects on idempotency_keys to memory_worker using (true);
create policy project_isolation on plans        using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on dead_letters using (project_id = (select current_setting('app.project')::uuid));

grant select, insert                 on idempotency_keys to memory_api;
grant select, delete                 on idempotency_keys to memory_worker;
grant select, insert, update, delete on plans            to memory_worker;
grant select, insert, update, delete on dead_letters     to memory_worker;
grant select, update                 on dead_letters     to memory_api;

-- How the write path fares as a whole: numbers only, whatever the project. The policies are for its owner alone.
create policy counts_for_owner on lanes        for select to current_user using (true);
create policy counts_for_owner on dead_letters for select to current_user using (true);

create function write_path_state() returns table (waiting_lanes bigint, oldest_seconds double precision, dead_letters bigint)
    language sql stable security definer set search_path = public, pg_temp as
$$
    select count(*) filter (where l.pending > 0),
           coalesce(extract(epoch from now() - min(l.waiting_since)), 0),
           (select count(*) from dead_letters d where d.replay_at is null)
      from lanes l
     where l.waiting_since is not null or l.replays > 0
$$;
revoke execute on function write_path_state from public;
grant  execute on function write_path_state to memory_api, memory_worker;
