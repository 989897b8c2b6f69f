-- Memories by the agent, app or run that they carry, whoever owns them: asked by overlap, which 0012 lets the index answer under
-- row level security.
create index memories_carried on memories using gin (project_id, agent_ids, app_ids, run_ids) where status = 'active';
