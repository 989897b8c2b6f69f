-- The verbatim history, append-only, and the event that each append answers with.

-- Months are cut by the time of recording, not of saying: imports may carry any date, partitions stay few.
-- The worker calls it ahead of time, hence security definer: its role may not create tables.
create function ensure_month_partitions(parent regclass, months_ahead integer) returns void
    language plpgsql security definer set search_path = public, pg_temp as
$$
declare
    first_day date;
    partition text;
begin
    if parent::text not in ('episodes', 'audit') then
        raise exception 'not a partitioned log: %', parent;
    end if;
    for i in 0 .. months_ahead loop
        first_day := (date_trunc('month', now() at time zone 'utc') + make_interval(months => i))::date;
        partition := format('%s_%s', parent, to_char(first_day, 'YYYY_MM'));
        if to_regclass(partition) is null then
            begin
                execute format('create table %I partition of %s for values from (%L) to (%L)',
                    partition, parent,
                    first_day::timestamp at time zone 'utc', (first_day + interval '1 month') at time zone 'utc');
                execute format('alter table %I enable row level security', partition);
                execute format('alter table %I force row level security', partition);
            exception
                -- Made by another worker meanwhile, or the default partition holds rows of that month already: they are
                -- fine there, and the months after it still get their own.
                when duplicate_table or check_violation then null;
            end;
        end if;
    end loop;
end
$$;
revoke execute on function ensure_month_partitions from public;
grant  execute on function ensure_month_partitions to memory_worker;

create table episodes (
    project_id  uuid        not null,
    owner_kind  owner_kind  not null,
    owner_id    text        not null,
    seq         bigint      not null,
    recorded_at timestamptz not null default now(),
    id          uuid        not null,
    event_id    uuid        not null,
    agent_id    text,
    app_id      text,
    run_id      text,
    role        text        not null check (role in ('user', 'assistant', 'system', 'tool')),
    name        text,
    content     text        not null,
    metadata    jsonb,
    occurred_at timestamptz not null,
    redacted_at timestamptz,
    words       tsvector    not null,
    primary key (project_id, owner_kind, owner_id, seq, recorded_at),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
) partition by range (recorded_at);

-- Nothing said is lost because a month's partition is late.
create table episodes_default partition of episodes default;
alter table episodes_default enable row level security;
alter table episodes_default force  row level security;
select ensure_month_partitions('episodes', 2);

create index episodes_conversation on episodes (project_id, owner_kind, owner_id, run_id, seq);
create index episodes_words on episodes using gin (project_id, owner_kind, owner_id, words);

create table events (
    project_id   uuid        not null,
    owner_kind   owner_kind  not null,
    owner_id     text        not null,
    id           uuid        not null,
    kind         text        not null,
    status       text        not null check (status in ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED')),
    -- The episodes it brought; null for a direct write, which brings none.
    first_seq    bigint,
    last_seq     bigint,
    request      jsonb       not null default '{}',
    results      jsonb       not null default '[]',
    attempts     integer     not null default 0,
    error        text,
    trace_parent text,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    started_at   timestamptz,
    completed_at timestamptz,
    primary key (project_id, owner_kind, owner_id, id),
    foreign key (project_id, owner_kind, owner_id) references lanes (project_id, owner_kind, owner_id)
);

create index events_by_id on events (project_id, id);
create index events_by_seq on events (project_id, owner_kind, owner_id, first_seq);

alter table episodes enable row level security;
alter table episodes force  row level security;
alter table events   enable row level security;
alter table events   force  row level security;

create policy project_isolation on episodes using (project_id = (select current_setting('app.project')::uuid));
create policy project_isolation on events   using (project_id = (select current_setting('app.project')::uuid));

grant select, insert         on episodes to memory_api;
grant select                 on episodes to memory_worker;
grant select, insert, update on events   to memory_api, memory_worker;
