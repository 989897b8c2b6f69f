-- What model calls cost, on the event they were made for: {"extract": {"calls": …, "input_tokens": …, …}, …}.
alter table events add column usage jsonb not null default '{}';

-- Set while a collection's vectors are being made anew by another model.
alter table collections add column reembedding boolean not null default false;
grant update (model, dimensions, reembedding) on collections to memory_worker;

-- A service must know at its start whether any collection holds vectors of another model than its own, whatever the
-- project. The function shows models and lengths only; the policy is for its owner alone.
create policy spaces_for_owner on collections for select to current_user using (true);

create function vector_spaces() returns table (model text, dimensions integer, reembedding boolean)
    language sql stable security definer set search_path = public, pg_temp as
$$
    select distinct c.model, c.dimensions, c.reembedding from collections c
$$;
revoke execute on function vector_spaces from public;
grant  execute on function vector_spaces to memory_api, memory_worker;
