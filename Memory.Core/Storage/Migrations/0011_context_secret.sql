-- What services share and nobody may guess. It is of the installation, not of a project or a person.
create table secrets (
    name  text  primary key,
    value bytea not null check (length(value) >= 32)
);

-- The boundary of a quoted block is derived from it, so that every replica writes the same bytes.
insert into secrets (name, value)
values ('context_boundary', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

grant select on secrets to memory_api;
