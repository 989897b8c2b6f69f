-- One row a state change, written in the same transaction. It holds ids, counts and reasons, never what was said.
create table audit (
    project_id uuid        not null references projects (id),
    -- 'project' with an empty id: a change that concerns no single owner.
    owner_kind text        not null check (owner_kind in ('user', 'agent', 'app', 'run', 'project')),
    owner_id   text        not null,
    at         timestamptz not null default clock_timestamp(),
    id         uuid        not null default gen_random_uuid(),
    actor      text        not null,
    action     text        not null,
    subject_id uuid,
    event_id   uuid,
    detail     jsonb       not null default '{}',
    primary key (project_id, owner_kind, owner_id, at, id)
) partition by range (at);

create table audit_default partition of audit default;
alter table audit_default enable row level security;
alter table audit_default force  row level security;
select ensure_month_partitions('audit', 2);

create function refuse_audit_change() returns trigger language plpgsql as
$$
begin
    raise exception 'the audit log is append-only';
end
$$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_audit_change();
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse_audit_change();

alter table audit enable row level security;
alter table audit force  row level security;

create policy project_isolation on audit to memory_api, memory_worker
    using (project_id = (select current_setting('app.project')::uuid));
create policy read_all on audit for select to memory_auditor using (true);

grant insert on audit to memory_api, memory_worker;
grant select on audit to memory_api, memory_auditor;
