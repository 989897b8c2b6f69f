-- Keys: what the store of API keys needs besides; and projects, which an operator makes with the API's own rights.

-- The API's role may write into any project anyway, once it says which: a project more opens nothing to it. What it may read of
-- projects stays bound to the one it names, but for their names, which are found before a project is known.
grant insert (id, organization_id, name) on projects to memory_api;
create policy names_for_owner on projects for select to current_user using (true);

create function project_names(organization uuid) returns table (id uuid, name text, created_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp as
$$
    select p.id, p.name, p.created_at
      from projects p
     where p.organization_id = organization
     order by p.created_at, p.id
$$;
revoke execute on function project_names from public;
grant  execute on function project_names to memory_api;
